using Vouchsafe.Bench.Measuring;
using Vouchsafe.Bench.Statistics;

// What plans lose where the planner has no statistics of tenants' columns: the same rows with and without them, 100,000 tenants by Zipf's law.
// Plans go to the error output, where they can be read side by side.
await using var ground = await Ground.PrepareAsync();
await using var shops = await Shops.PrepareAsync(ground);
foreach (var (statement, sql) in Statements.All)
    foreach (var (tenant, id) in Shops.Asked)
        await Comparison.RunAsync(shops, statement, sql, tenant, id);

using Vouchsafe.Bench.Driver;
using Vouchsafe.Bench.Measuring;

// Benchmarks of the data layer: 1, one tenant row by id; 5, query time with few and with many tenants; and what the hand-over of connections costs.
await using var ground = await Ground.PrepareAsync();
await using var tables = await Tables.PrepareAsync(ground);
await OneRow.RunAsync(tables);
await ManyTenants.RunAsync(tables);
await HandOver.RunAsync(tables, ground);

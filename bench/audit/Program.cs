using Vouchsafe.Bench.Audit;
using Vouchsafe.Bench.Measuring;

// Benchmark 3: a business write with its audit entry, alone, with one hot tenant, and in bulk; and how soon an entry has its index.
await using var ground = await Ground.PrepareAsync();
await using var trail = await Trail.PrepareAsync(ground);
await SingleWrites.RunAsync(trail);
await BulkWrites.RunAsync(trail);
await using var strict = Trail.Strict(ground);
await SingleWrites.RunStrictAsync(strict, trail);

using Vouchsafe.Bench.Verify;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Exports;

// Benchmark 4: a million entries verified offline, against SHA-256 over the same bytes. Both read the same memory, so that no disk is
// measured. The hash runs on one processor, as it must; the verifier on those that there are, up to four.
const int entries = 1_000_000;
const int rounds = 9;
var log = new SampleLog(entries, (id, n) => SampleEntry.Event(id, n, (int)(n % 1000)));
using var export = new ExportMemory();
log.Write(await log.HeaderAsync(), export);
var size = export.Length;

foreach (var (name, threads) in new (string, int?)[] { ("all processors", null), ("one thread reads the lines", 1) })
{
    await VerifyAsync(threads);
    var measured = new List<(double Ours, double Theirs)>();
    for (var round = 0; round < rounds; round++)
    {
        var theirs = round % 2 == 0 ? 0 : Hash();
        var ours = await VerifyAsync(threads);
        measured.Add((ours, round % 2 == 0 ? Hash() : theirs));
    }
    var ratios = measured.Select(one => one.Ours / one.Theirs).Order().ToList();
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        name = "verify.export", what = $"Offline verification of {entries:N0} entries, {name}", peer = "SHA-256 over the same bytes", unit = "MB/s",
        ours = Median(measured.Select(one => one.Ours)), theirs = Median(measured.Select(one => one.Theirs)),
        ratio = ratios[rounds / 2], low = ratios[0], high = ratios[^1], target = ">=0.50", rounds,
    }));
}

async Task<double> VerifyAsync(int? threads)
{
    var started = Stopwatch.GetTimestamp();
    var report = await ExportVerifier.VerifyAsync(export.Open(), new ExportTrust { Key = log.Key, Threads = threads }, default);
    if (report.Verdict != ExportVerdict.Valid || report.Entries != entries)
        throw new InvalidOperationException($"The export did not verify: {report.Verdict}.");
    return size / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
}

double Hash()
{
    var started = Stopwatch.GetTimestamp();
    SHA256.HashData(export.Open());
    return size / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
}

static double Median(IEnumerable<double> values) => values.Order().ElementAt(rounds / 2);

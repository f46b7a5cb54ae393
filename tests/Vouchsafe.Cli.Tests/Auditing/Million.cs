using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Vouchsafe.Testing.Exports;
using Xunit;

namespace Vouchsafe.Cli.Tests.Auditing;

/// <summary>A million entries through the command's standard input, in a process that is not given the memory to hold them.</summary>
public sealed class Million
{
    private const long Entries = 1_000_000;

    /// <summary>What the runtime's heap may take: 32 MiB, in hex as the runtime reads it. The export is twenty times as long.</summary>
    private const string HeapLimit = "2000000";

    [Fact]
    public async Task Entries_are_verified_in_memory_that_does_not_grow_with_them()
    {
        var log = new SampleLog(Entries, (id, n) => SampleEntry.Event(id, n, (int)(n % 1000)));
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Vouchsafe.Cli.dll"), "audit", "verify", "-", "--key", log.Key.ToString(), "--json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = HeapLimit },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        var input = PipeWriter.Create(process.StandardInput.BaseStream);
        var written = 0L;
        log.Write(await log.HeaderAsync(), input, () =>
        {
            written += input.UnflushedBytes;
            input.FlushAsync().AsTask().GetAwaiter().GetResult();
        });
        await input.CompleteAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await errors);
        var report = JsonNode.Parse(await output)!;
        Assert.Equal(("valid", Entries), ((string?)report["verdict"], (long)report["entries"]!));
        Assert.True(written > 500_000_000, $"The export had {written} bytes.");
    }
}

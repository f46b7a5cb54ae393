using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Testing.Exports;
using Xunit;

namespace Vouchsafe.Cli.Tests.Auditing;

public sealed class AuditVerify : IDisposable
{
    private static readonly SampleLog Log = new(700, (id, n) => SampleEntry.Event(id, n, (int)(n % 5)));

    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter progress = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_sound_export_ends_with_0_and_says_whose_key_that_was()
    {
        var file = await KeepAsync(await Log.ExportAsync());
        Assert.Equal(0, await RunAsync(file, Log.Key.ToString()));
        Assert.StartsWith("valid: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("as given", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(progress.ToString());

        output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync(file, key: null));
        Assert.Contains("by the export's own word", output.ToString(), StringComparison.Ordinal);

        output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync(file, await KeepAsync(Encoding.UTF8.GetBytes(Log.Key + "\n"))));
        Assert.Contains("as given", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_removed_is_named_for_people_and_for_machines()
    {
        var text = await Log.ExportTextAsync();
        text.Lines.RemoveAt(text.At(300));
        var file = await KeepAsync(text.ToBytes());
        Assert.Equal(1, await RunAsync(file, Log.Key.ToString()));
        Assert.Contains("removed     Entry 300 was removed", output.ToString(), StringComparison.Ordinal);

        output.GetStringBuilder().Clear();
        Assert.Equal(1, await RunAsync(file, Log.Key.ToString(), json: true));
        var report = JsonNode.Parse(output.ToString())!;
        Assert.Equal(("tampered", 1L), ((string?)report["verdict"], (long)report["findingCount"]!));
        Assert.Equal(("removed", 300L), ((string?)report["findings"]![0]!["kind"], (long)report["findings"]![0]!["index"]!));
    }

    [Fact]
    public async Task A_restored_old_backup_is_told_by_an_earlier_checkpoint()
    {
        var restored = new SampleLog(600, (id, n) => SampleEntry.Event(id, n, (int)(n % 5)));
        var before = await KeepAsync(Encoding.UTF8.GetBytes((await Log.CheckpointAsync(650)).ToString()));
        Assert.Equal(1, await RunAsync(await KeepAsync(await restored.ExportAsync()), Log.Key.ToString(), previous: before));
        Assert.Contains("rolled-back The log had 650 entries and has 600", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(await KeepAsync(await Log.ExportAsync()), Log.Key.ToString(), previous: before));
        Assert.Contains("the log continues each earlier checkpoint", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_the_export_cannot_answer_ends_with_2()
    {
        var pruned = new SampleLog(700, (id, n) => n == 650 ? SampleEntry.Prune(id, n, 512) : SampleEntry.Event(id, n, 1));
        var before = await KeepAsync(Encoding.UTF8.GetBytes((await pruned.CheckpointAsync(100)).ToString()));
        Assert.Equal(2, await RunAsync(await KeepAsync(await pruned.ExportAsync(512)), pruned.Key.ToString(), previous: before));
        Assert.Equal(0, await RunAsync(await KeepAsync(await pruned.ExportAsync(512, since: 100)), pruned.Key.ToString(), previous: before));
    }

    [Fact]
    public async Task What_is_no_export_no_key_or_no_checkpoint_ends_with_2_and_says_why()
    {
        var export = await KeepAsync(await Log.ExportAsync());
        var nothing = await KeepAsync("nothing of the kind\n"u8.ToArray());
        var huge = await KeepAsync(new byte[100_000]);
        Assert.Equal(2, await RunAsync(nothing, key: null));
        Assert.Contains("not an export", progress.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync(export, "no+key"));
        Assert.Contains("--key", progress.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync(export, key: null, previous: nothing));
        Assert.Contains("--previous", progress.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync(export, key: null, previous: huge));
        Assert.Equal(2, await RunAsync(Path.Combine(folder, "missing"), key: null));
        Assert.Empty(output.ToString());
        Assert.Equal(2, await RunAsync(nothing, key: null, json: true));
        Assert.NotNull(JsonNode.Parse(output.ToString())!["error"]);
    }

    [Fact]
    public async Task Standard_input_is_read_and_progress_shown_once_it_takes_long()
    {
        var time = new Slow();
        var export = await Log.ExportAsync();
        Assert.Equal(0, await AuditCommand.RunAsync(new("-", Log.Key.ToString(), [], false), () => new MemoryStream(export), output, progress, time, Cancellation));
        Assert.Contains("of 700 entries", progress.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> KeepAsync(byte[] bytes)
    {
        var file = Path.Combine(folder, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"));
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        return file;
    }

    /// <summary>A clock on which three seconds pass between two looks.</summary>
    private sealed class Slow : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => looks += 3;
    }

    private Task<int> RunAsync(string file, string? key, string? previous = null, bool json = false) =>
        AuditCommand.RunAsync(new(file, key, previous is null ? [] : [previous], json), Console.OpenStandardInput, output, progress, TimeProvider.System, Cancellation);
}

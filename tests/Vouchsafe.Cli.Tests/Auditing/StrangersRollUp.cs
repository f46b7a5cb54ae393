using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Cli.Tests.Auditing;

/// <summary>
/// A witness cosigns the logs of many people, as it should. Whoever has one of them puts an old checkpoint of somebody else's log into it, has it cosigned
/// now, and names his log in the export: nothing of it is forged, and it isn't the roll-up log of the instance.
/// </summary>
public sealed class StrangersRollUp : IDisposable
{
    private const string RollUpOrigin = "trust.example/log/0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private static readonly SampleLog Log = new(300, (id, n) => SampleEntry.Event(id, n, 1));
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 16).Select(n => (byte)n)];

    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-").FullName;
    private readonly FakeTimeProvider time = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();
    private readonly NoteSigner genuine = Signer(RollUpOrigin, 1);
    private readonly NoteSigner stranger = Signer("elsewhere.example/log/abababababababababababababababab", 2);
    private readonly Witness witness;

    public StrangersRollUp() => witness = new Witness(
        [genuine.Verifier, stranger.Verifier], new WitnessFolder(Path.Combine(folder, "cosigned")), NoteSigner.Witness("witness.example", new(Seed(3)), time));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Rolled_up_in_a_stranger_s_log_an_old_checkpoint_is_witnessed_by_nobody()
    {
        var forged = await ExportAsync(stranger);
        Assert.Equal(1, await RunAsync(forged, genuine.Verifier.ToString()));
        Assert.Contains("not-rolled-up", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("witnessed by 0 of 1", output.ToString(), StringComparison.Ordinal);

        var sound = await ExportAsync(genuine);
        Assert.Equal(0, await RunAsync(sound, genuine.Verifier.ToString()));
        Assert.Contains($"roll-up     {genuine.Verifier}, as given", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("witnessed by 1 of 1", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(sound, genuine.Verifier.ToString(), json: true));
        var report = JsonNode.Parse(output.ToString())!;
        Assert.Equal((genuine.Verifier.ToString(), true), ((string?)report["rollUpKey"], (bool)report["rollUpTrusted"]!));
    }

    /// <summary>The name of the genuine log under another key is another log.</summary>
    [Fact]
    public async Task The_origin_alone_makes_no_log_the_genuine_one()
    {
        var named = Signer(RollUpOrigin, 4);
        var cosigning = new Witness([named.Verifier], new WitnessFolder(Path.Combine(folder, "other")), NoteSigner.Witness("witness.example", new(Seed(3)), time));
        Assert.Equal(1, await RunAsync(await ExportAsync(named, cosigning), genuine.Verifier.ToString()));
        Assert.Contains("witnessed by 0 of 1", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hand_overs_lead_from_the_key_that_is_known_to_the_present_one()
    {
        var next = Signer(RollUpOrigin, 5);
        var cosigning = new Witness([next.Verifier], new WitnessFolder(Path.Combine(folder, "next")), NoteSigner.Witness("witness.example", new(Seed(3)), time));
        var export = await ExportAsync(next, cosigning);
        var from = time.GetUtcNow();
        var handover = new KeyHandover(genuine.Verifier, next.Verifier, from, from.AddDays(30)).Sign(genuine, next).ToString();
        var (note, served) = (await KeepAsync(handover), await KeepAsync(JsonSerializer.Serialize(new[] { handover })));
        Assert.Equal(1, await RunAsync(export, genuine.Verifier.ToString()));
        Assert.Equal(0, await RunAsync(export, genuine.Verifier.ToString(), handover: note));
        Assert.Equal(0, await RunAsync(export, genuine.Verifier.ToString(), handover: served));
        Assert.Equal(0, await RunAsync(export, next.Verifier.ToString()));
        Assert.Equal(2, await RunAsync(export, genuine.Verifier.ToString(), handover: await KeepAsync("[1]")));
        Assert.Equal(2, await RunAsync(export, genuine.Verifier.ToString(), handover: await KeepAsync("[null]")));
    }

    [Fact]
    public async Task Without_a_pin_the_export_s_word_for_its_roll_up_log_is_shown_as_such_and_no_witness_counts()
    {
        var file = await ExportAsync(stranger);
        Assert.Equal(0, await AuditCommand.RunAsync(new(file, Log.Key.ToString(), [], false), Console.OpenStandardInput, output, errors, time, Stop));
        Assert.Contains("by the export's own word, holds this checkpoint: it may be anybody's", output.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            ExportVerifier.VerifyAsync(new MemoryStream(), new ExportTrust { Key = Log.Key, Witnesses = [witness.Verifier] }, Stop));
    }

    private static byte[] Seed(byte seed) => [.. Enumerable.Repeat(seed, 32)];

    private static NoteSigner Signer(string name, byte seed) => new(name, new Ed25519SigningKey(Seed(seed)));

    /// <summary>The genuine export, with a roll-up that the real witness cosigned as the first of that log.</summary>
    private async Task<string> ExportAsync(NoteSigner rollUp, Witness? by = null)
    {
        var header = await Log.HeaderAsync();
        var leaf = TreeHash.Leaf(RollUpLeaf.Build(Salt, SignedNote.Parse(header.Checkpoint).Text));
        var note = new Checkpoint(rollUp.Verifier.Name, TreeEdge.Empty.Append([leaf]).Edge.Head).Sign(rollUp);
        var answer = (by ?? witness).Add(System.Text.Encoding.UTF8.GetBytes("old 0\n\n" + note));
        Assert.Equal(200, answer.Status);
        var bytes = new ArrayBufferWriter<byte>();
        Log.Write(header with { RollUp = new ExportRollUp(Salt, 0, [], note + answer.Body, rollUp.Verifier.ToString()) }, bytes);
        var file = Path.Combine(folder, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
        await File.WriteAllBytesAsync(file, bytes.WrittenMemory, Stop);
        return file;
    }

    private async Task<string> KeepAsync(string text)
    {
        var file = Path.Combine(folder, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
        await File.WriteAllTextAsync(file, text, Stop);
        return file;
    }

    private Task<int> RunAsync(string file, string rollUp, string? handover = null, bool json = false)
    {
        output.GetStringBuilder().Clear();
        var options = new AuditVerifyOptions(
            file, Log.Key.ToString(), [], json, [witness.Verifier.ToString()], TimeSpan.FromMinutes(5), handover is null ? [] : [handover], rollUp);
        return AuditCommand.RunAsync(options, Console.OpenStandardInput, output, errors, time, Stop);
    }
}

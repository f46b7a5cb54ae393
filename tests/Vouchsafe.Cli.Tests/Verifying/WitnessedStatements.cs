using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary><c>verify --witness</c>: what the statement rests on was cosigned by the witnesses that somebody relies on, recently, or it ends with 1.</summary>
public sealed class WitnessedStatements : IDisposable
{
    private const string Control = "passwords.pbkdf2";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new();
    private readonly Posture posture = TestPosture.Load("apower-flex");
    private readonly string folder = TestCluster.NewFolder();
    private readonly ForgedInstance instance;
    private readonly NoteSigner north, south, stranger;

    public WitnessedStatements()
    {
        instance = new ForgedInstance(time).Record(Control, "verified", posture.Hash).Record(Control, "verified", posture.Hash);
        (north, south, stranger) = (Witness("north.example", 1), Witness("south.example", 2), Witness("stranger.example", 3));
        Directory.CreateDirectory(folder);
    }

    public void Dispose()
    {
        instance.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Cosigned_by_all_that_were_asked_for_it_holds()
    {
        Assert.Equal(0, (await RunAsync(await StateAsync(null, north, south), north, south)).Code);
        // The head that was cosigned may be older than the newest result.
        Assert.Equal(0, (await RunAsync(await StateAsync(1, north), north)).Code);
        // Others may cosign too.
        Assert.Equal(0, (await RunAsync(await StateAsync(null, stranger, north), north)).Code);
    }

    [Fact]
    public async Task Missing_or_another_s_cosignature_fails_and_a_quorum_says_how_many_suffice()
    {
        var (code, json) = await RunAsync(await StateAsync(null, north), north, south);
        Assert.Equal(1, code);
        Assert.False(json.GetProperty("holds").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("witnesses").GetProperty("witnesses")[1].GetProperty("at").ValueKind);
        Assert.Equal(1, (await RunAsync(await StateAsync(null, stranger), north)).Code);
        Assert.Equal(1, (await RunAsync(await StateAsync(null), north)).Code);
        Assert.Equal(0, (await RunAsync(await StateAsync(null, north), 1, north, south)).Code);
        Assert.Equal(1, (await RunAsync(await StateAsync(null, stranger), 1, north, south)).Code);
        // The name of a witness under another key.
        Assert.Equal(1, (await RunAsync(await StateAsync(null, Witness("north.example", 9)), north)).Code);
    }

    [Fact]
    public async Task A_cosignature_that_is_too_old_or_dated_in_the_future_fails()
    {
        var statement = await StateAsync(null, north);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await RunAsync(await AgainAsync(statement), north)).Code);
        time.Advance(TimeSpan.FromSeconds(1));
        var (code, json) = await RunAsync(await AgainAsync(statement), north);
        Assert.Equal(1, code);
        Assert.True(json.GetProperty("witnesses").GetProperty("witnesses")[0].GetProperty("tooOld").GetBoolean());

        var ahead = new FakeTimeProvider(time.GetUtcNow() + Cosignatures.Skew + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await RunAsync(await StateAsync(null, NoteSigner.Witness("north.example", Seed(1), ahead)), north)).Code);
    }

    [Fact]
    public async Task A_cosignature_over_anything_but_the_log_of_the_results_fails()
    {
        var sound = await StateAsync(1, north);
        using var other = new ForgedInstance(time).Record(Control, "verified", posture.Hash).Record(Control, "verified", posture.Hash);
        Action<JsonObject>[] touches =
        [
            // Another log was cosigned, and so was another history of this one.
            rollUp => rollUp["head"] = "lies.example/log/other\n" + ((string)rollUp["head"]!).Split('\n', 2)[1],
            rollUp => rollUp["head"] = ((string)rollUp["head"]!).Replace("\n1\n", "\n2\n", StringComparison.Ordinal),
            rollUp => rollUp["consistency"] = new JsonArray(Convert.ToBase64String(new byte[32])),
            rollUp => rollUp["consistency"] = new JsonArray(),
            rollUp => rollUp["salt"] = Convert.ToBase64String(new byte[16]),
            rollUp => rollUp["index"] = 0,
            rollUp => rollUp["inclusion"] = new JsonArray(Convert.ToBase64String(new byte[32])),
            rollUp => rollUp["checkpoint"] = ((string)rollUp["checkpoint"]!).Replace("\n2\n", "\n3\n", StringComparison.Ordinal),
            rollUp => rollUp["key"] = north.Verifier.ToString(),
            rollUp => rollUp.Remove("checkpoint"),
        ];
        foreach (var touch in touches)
        {
            var touched = (JsonObject)sound.DeepClone();
            touch((JsonObject)touched["rollUp"]!);
            Assert.Equal(1, (await RunAsync(instance.Sign(touched), north)).Code);
        }
        var foreign = (JsonObject)sound.DeepClone();
        foreign["rollUp"] = await other.RollUpAsync(null, north);
        var (code, json) = await RunAsync(instance.Sign(foreign), north);
        Assert.Equal(1, code);
        Assert.Contains("another log", json.GetProperty("witnesses").GetProperty("fault").GetString(), StringComparison.Ordinal);
        foreign["rollUp"] = null;
        Assert.Equal(1, (await RunAsync(instance.Sign(foreign), north)).Code);
        // Nobody asked for a witness: the statement is what it was.
        Assert.Equal(0, (await RunAsync(instance.Sign(foreign))).Code);
    }

    /// <summary>The attack: whoever signs the statement has a log of a stranger, or a second one of his own, cosigned by the same honest witness, and rolls what he likes up there.</summary>
    [Fact]
    public async Task A_roll_up_log_that_the_reader_doesn_t_know_fails_whoever_cosigned_it()
    {
        var statement = await StateAsync(null, north);
        var genuine = new NoteSigner("lies.example/roll-up", Seed(7));
        var (code, json) = await RunAsync(statement, 1, [north], genuine.Verifier, null);
        Assert.Equal(1, code);
        Assert.Contains("another roll-up log", json.GetProperty("witnesses").GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(instance.RollUpKey.ToString(), json.GetProperty("witnesses").GetProperty("rollUp").GetString());
        // A log that was handed over is known by the key before; by the key after, nothing is known of the one before.
        var handed = HandOver(genuine, instance.RollUpSigner, time.GetUtcNow());
        Assert.Equal(0, (await RunAsync(statement, 1, [north], genuine.Verifier, [handed])).Code);
        Assert.Equal(1, (await RunAsync(statement, 1, [north], new NoteSigner("else.example/roll-up", Seed(8)).Verifier, [handed])).Code);
        var ahead = HandOver(genuine, instance.RollUpSigner, time.GetUtcNow().AddSeconds(1));
        Assert.Equal(1, (await RunAsync(statement, 1, [north], genuine.Verifier, [ahead])).Code);
    }

    [Fact]
    public async Task What_was_asked_for_and_couldn_t_be_looked_at_ends_with_two()
    {
        using var output = new StringWriter();
        var away = new VerifyOptions(new(new Uri("https://localhost:1"), null, [], AcceptAnyCertificate: true), TestPosture.File("apower-flex"), ["AF-07"], null, Json: true) { Witnesses = new WitnessDemand([north.Verifier], instance.RollUpKey, 1, WitnessDemand.DefaultMaxAge) };
        Assert.Equal(2, await VerifyCommand.RunAsync(away, output, output, time, Stop));
        var command = VerifyCommand.Create(output, output);
        var log = instance.RollUpKey;
        foreach (var wrong in new[]
                 {
                     $"--file x --witness nonsense --roll-up {log}", $"--file x --witness {log} --roll-up {log}", $"--file x --witness {north.Verifier} --roll-up nonsense",
                     $"--file x --witness {north.Verifier} --roll-up {north.Verifier}", $"--file x --witness {north.Verifier} --roll-up {log} --handover missing",
                     $"--file x --witness {north.Verifier} --witness {north.Verifier} --quorum 2 --roll-up {log}",
                 })
            Assert.Equal(2, await command.Parse(wrong).InvokeAsync(cancellationToken: Stop));
        foreach (var senseless in new[]
                 {
                     "--file x --max-age 1:00", "--file x --quorum 1", $"--file x --roll-up {log}", $"--file x --witness {north.Verifier}", "--file x --handover y",
                     $"--file x --witness {north.Verifier} --roll-up {log} --quorum 2", $"--file x --witness {north.Verifier} --roll-up {log} --quorum 0",
                     $"--file x --witness {north.Verifier} --roll-up {log} --max-age 0:00", $"--file x --witness {north.Verifier} --roll-up {log} --max-age 9000000.00:00:00",
                 })
            Assert.NotEmpty(command.Parse(senseless).Errors);
    }

    [Fact]
    public async Task The_witness_s_key_may_lie_in_a_file()
    {
        var file = Path.Combine(folder, "north.vkey");
        await File.WriteAllTextAsync(file, north.Verifier + "\n", Stop);
        var log = Path.Combine(folder, "roll-up.vkey");
        await File.WriteAllTextAsync(log, instance.RollUpKey + "\n", Stop);
        var demand = await VerifyCommand.DemandAsync([file, north.Verifier.ToString()], log, [], null, null, Stop);
        Assert.Equal((1, 1), (demand!.Keys.Count, demand.Quorum));
    }

    private static SignedNote HandOver(NoteSigner old, NoteSigner next, DateTimeOffset from) =>
        new KeyHandover(old.Verifier, next.Verifier, from, from.AddDays(30)).Sign(old, next);

    private static Ed25519SigningKey Seed(byte seed) => new(Enumerable.Repeat(seed, 32).ToArray());

    private NoteSigner Witness(string name, byte seed) => NoteSigner.Witness(name, Seed(seed), time);

    private async Task<JsonObject> StateAsync(int? size, params NoteSigner[] witnesses)
    {
        var statement = await instance.StateAsync(posture);
        statement["rollUp"] = await instance.RollUpAsync(size, witnesses);
        return instance.Sign(statement);
    }

    /// <summary>A fresh result over the same cosignatures: only they are old.</summary>
    private async Task<JsonObject> AgainAsync(JsonObject old)
    {
        var size = int.Parse(((string)old["rollUp"]!["head"]!).Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture);
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        statement["rollUp"] = old["rollUp"]!.DeepClone();
        statement["rollUp"]!["consistency"] = (await instance.RollUpAsync(size))["consistency"]!.DeepClone();
        return instance.Sign(statement);
    }

    private Task<(int Code, JsonElement Json)> RunAsync(JsonObject statement, params NoteSigner[] witnesses) => RunAsync(statement, witnesses.Length, witnesses);

    private Task<(int Code, JsonElement Json)> RunAsync(JsonObject statement, int quorum, params NoteSigner[] witnesses) =>
        RunAsync(statement, quorum, witnesses, null, null);

    private async Task<(int Code, JsonElement Json)> RunAsync(
        JsonObject statement, int quorum, NoteSigner[] witnesses, NoteVerifier? known, SignedNote[]? handovers)
    {
        var file = Path.Combine(folder, "trust.json");
        await File.WriteAllBytesAsync(file, Encoding.UTF8.GetBytes(statement.ToJsonString()), Stop);
        using var output = new StringWriter();
        using var progress = new StringWriter();
        var code = await VerifyCommand.RunAsync(
            new VerifyOptions(null, TestPosture.File("apower-flex"), ["AF-07"], instance.Key, Json: true)
            {
                File = file,
                Witnesses = witnesses.Length == 0 ? null : new WitnessDemand(
                    [.. witnesses.Select(witness => witness.Verifier)], known ?? instance.RollUpKey, quorum, WitnessDemand.DefaultMaxAge) { Handovers = [.. handovers ?? []] },
            }, output, progress, time, Stop);
        return (code, JsonDocument.Parse(output.ToString()).RootElement);
    }
}

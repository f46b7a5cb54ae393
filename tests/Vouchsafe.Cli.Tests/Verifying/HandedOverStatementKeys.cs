using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary><c>verify --key OLD</c> after the statement's key was handed over: the chain of hand-overs leads forward, and nothing else does.</summary>
public sealed class HandedOverStatementKeys : IDisposable
{
    private const string Control = "passwords.pbkdf2";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new();
    private readonly Posture posture = TestPosture.Load("apower-flex");
    private readonly ForgedInstance instance;

    public HandedOverStatementKeys() => instance = new ForgedInstance(time).Record(Control, "verified", posture.Hash);

    public void Dispose() => instance.Dispose();

    [Fact]
    public async Task Who_pinned_an_old_key_is_led_to_the_present_one()
    {
        var first = instance.Key;
        var second = instance.HandOver().Key;
        var third = instance.HandOver().Key;
        var statement = await instance.StateAsync(posture);
        foreach (var pinned in new[] { first, second, third })
        {
            var (code, json, progress) = await RunAsync(statement, pinned);
            Assert.Equal((0, true, third), (code, json.GetProperty("keyPinned").GetBoolean(), json.GetProperty("key").GetString()));
            Assert.Equal(pinned != third, progress.Contains("was handed over; the present one: --key " + third, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Who_knows_nothing_of_hand_overs_finds_the_old_key_s_signature_beside_the_new_one()
    {
        var old = instance.Key;
        var statement = await instance.HandOver().StateAsync(posture);
        var also = Assert.Single(statement["alsoSigned"]!.AsArray())!;
        Assert.Equal(old, (string?)also["publicKey"]);
        var unsigned = (JsonObject)statement.DeepClone();
        unsigned.Remove("signature");
        unsigned.Remove("alsoSigned");
        var message = Encoding.UTF8.GetBytes((string)statement["format"]! + "\n" + Vouchsafe.Claims.Evidence.CanonicalJson.Text(unsigned));
        Assert.True(Ed25519.Verify(Convert.FromBase64String(old), message, Convert.FromBase64String((string)also["value"]!)));
    }

    [Fact]
    public async Task A_hand_over_that_a_stranger_signed_leads_nowhere()
    {
        var pinned = instance.Key;
        var statement = await instance.HandOver(by: new Ed25519SigningKey(new byte[32])).StateAsync(posture);
        await FailsAsync(statement, pinned, "can't be believed");
        // Without the hand-over it is another key.
        statement["handovers"] = new JsonArray();
        await FailsAsync(statement, pinned, "can't be believed");
    }

    [Fact]
    public async Task The_old_key_alone_is_not_enough_once_the_hand_over_is_known_and_a_newer_one_leads_to_no_older()
    {
        var old = instance.Key;
        var statement = await instance.HandOver().StateAsync(posture);
        await FailsAsync(instance.SignWithFormer((JsonObject)statement.DeepClone()), old, "was handed over since");
        await FailsAsync(instance.SignWithFormer((JsonObject)statement.DeepClone()), instance.Key, "no hand-over leads there");
    }

    [Fact]
    public async Task A_hand_over_that_begins_later_doesn_t_count_yet()
    {
        var old = instance.Key;
        var statement = await instance.HandOver(time.GetUtcNow() + TimeSpan.FromHours(1)).StateAsync(posture);
        await FailsAsync(statement, old, "no hand-over leads there");
        // In between the old key signs, and the hand-over stands there already.
        Assert.Equal(0, (await RunAsync(instance.SignWithFormer(statement), old)).Code);
    }

    [Fact]
    public async Task More_hand_overs_than_anybody_makes_and_what_is_none_are_refused()
    {
        var statement = await instance.HandOver().StateAsync(posture);
        foreach (var nonsense in new JsonNode[] { "text", new JsonArray(1), new JsonArray("not a note"), new JsonArray([.. Enumerable.Range(0, 1100).Select(_ => (JsonNode)"x")]) })
        {
            var touched = (JsonObject)statement.DeepClone();
            touched["handovers"] = nonsense;
            await FailsAsync(touched, instance.Key, "can't be believed");
        }
    }

    private async Task FailsAsync(JsonObject statement, string key, string said)
    {
        var (code, json, _) = await RunAsync(statement, key);
        Assert.Equal(1, code);
        Assert.Contains(said, json.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    private async Task<(int Code, JsonElement Json, string Progress)> RunAsync(JsonObject statement, string key)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Encoding.UTF8.GetBytes(statement.ToJsonString()), Stop);
            using var output = new StringWriter();
            using var progress = new StringWriter();
            var code = await VerifyCommand.RunAsync(new VerifyOptions(null, TestPosture.File("apower-flex"), ["AF-07"], key, Json: true) { File = file }, output, progress, time, Stop);
            return (code, JsonDocument.Parse(output.ToString()).RootElement, progress.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }
}

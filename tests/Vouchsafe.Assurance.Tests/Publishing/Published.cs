using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Publishing;

/// <summary>What an instance publishes verifies without it, and doesn't once it was touched.</summary>
public sealed class Published : OnTwoNodes
{
    private ReadOnlyMemory<byte> StatementKey => new Ed25519SigningKey(One.Get<KeyRing>().Derive("trust-statement").Bytes).PublicKey;

    [Fact]
    public async Task The_statement_is_signed_and_the_same_from_every_node()
    {
        await One.RoundAsync(Stop);
        foreach (var node in new[] { One, Other })
        {
            var statement = SignedDocument.Open(await node.GetAsync("/trust.json", Stop), TrustStatement.Format, StatementKey, out var fault);
            Assert.Empty(fault);
            Assert.Equal(["SC-01 verified", "SC-02 verified", "SC-03 verified"], statement!["claims"]!.AsArray().Select(claim => $"{claim!["id"]} {claim["verdict"]}"));
        }
    }

    [Fact]
    public async Task A_verdict_that_was_touched_up_is_refused()
    {
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        var text = Encoding.UTF8.GetString(await One.GetAsync("/trust.json", Stop));
        Assert.Contains("\"failed\"", text, StringComparison.Ordinal);
        Assert.Null(SignedDocument.Open(Encoding.UTF8.GetBytes(text.Replace("\"failed\"", "\"verified\"", StringComparison.Ordinal)), TrustStatement.Format, StatementKey, out var fault));
        Assert.Contains("altered", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_statement_carries_the_results_that_bear_it_out_without_a_gap()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        await Other.Checks.RunAsync(Tls, Stop);
        foreach (var node in new[] { One, Other, One })
        {
            var statement = SignedDocument.Open(await node.GetAsync("/trust.json", Stop), TrustStatement.Format, StatementKey, out _)!;
            var results = ResultChain.Verify(statement["results"], NoteVerifier.Parse((string)statement["log"]!), out var fault);
            Assert.Empty(fault);
            Assert.Equal(Tls, results![^1].Fields["control"]);
            Assert.Equal([Hsts, "assurance.schedule", Tls], results.Where(result => result.Event == EvidenceDocument.CheckRan).Select(result => result.Fields["control"]).TakeLast(3));
            statement["results"]!["entries"]!.AsArray().RemoveAt(1);
            Assert.Null(ResultChain.Verify(statement["results"], NoteVerifier.Parse((string)statement["log"]!), out fault));
            Assert.Contains("left out", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_withdrawn_claim_stays_on_the_statement_with_its_reason()
    {
        var statement = await StatementAsync();
        Assert.DoesNotContain(statement["claims"]!.AsArray(), claim => (string?)claim!["id"] == "SC-04");
        var withdrawn = Assert.Single(statement["withdrawn"]!.AsArray())!;
        Assert.Equal(("SC-04", "2026-01-31", "We no longer do."), ((string?)withdrawn["id"], (string?)withdrawn["date"], (string?)withdrawn["reason"]!["en"]));
    }

    [Fact]
    public async Task Red_times_are_on_the_statement_and_in_the_history_after_they_are_mended()
    {
        var at = TrustStatement.Time(Time.GetUtcNow());
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        TlsCheck.Whole = true;
        Time.Advance(Every);
        await One.Checks.RunAsync(Tls, Stop);
        var statement = await StatementAsync();
        Assert.Equal(at, (string?)statement["claims"]!.AsArray().First(claim => (string?)claim!["id"] == "SC-01")!["lastRedAt"]);
        var history = SignedDocument.Open(await Other.GetAsync("/trust/history.json", Stop), "vouchsafe.dev/trust-history/v1", StatementKey, out _)!;
        var red = Assert.Single(history["reds"]!.AsArray())!;
        Assert.Equal((Tls, at, TrustStatement.Time(Time.GetUtcNow())), ((string?)red["control"], (string?)red["beganAt"], (string?)red["mendedAt"]));
        Assert.Equal(200, await One.StatusAsync((string)red["evidence"]!, Stop));
    }

    [Fact]
    public async Task The_evidence_says_what_was_seen_and_verifies_under_the_statements_log()
    {
        await One.Checks.RunAsync(Tls, Stop);
        var (evidence, key) = await EvidenceAsync();
        var seen = EvidenceDocument.Verify(Bytes(evidence), key, out var fault);
        Assert.Empty(fault);
        Assert.Equal(EvidenceDocument.CheckRan, seen!.Event);
        Assert.Equal((Tls, "verified", "transport.tls is whole."), (seen.Fields["control"], seen.Fields["verdict"], seen.Fields["message"]));
        Assert.Equal(TrustStatement.Time(Time.GetUtcNow() + ValidFor), seen.Fields["valid-until"]);
        Assert.Equal(Posture.Hash, seen.Fields["posture"]);
    }

    [Fact]
    public async Task Evidence_that_was_touched_is_refused_wherever_it_was_touched()
    {
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        await One.Checks.RunAsync(Hsts, Stop);
        var (evidence, key) = await EvidenceAsync();
        Assert.NotNull(EvidenceDocument.Verify(Bytes(evidence), key, out _));
        Action<JsonObject>[] touches =
        [
            document => Field(document, "verdict")["value"] = "verified",
            document => Field(document, "control")["value"] = Hsts,
            document => Field(document, "valid-until")["value"] = "2099-01-01T00:00:00.000Z",
            document => Field(document, "message")["salt"] = Convert.ToBase64String(new byte[16]),
            document => document["entry"]!["fields"]!.AsArray().RemoveAt(0),
            document => document["entry"]!["actor"]!.AsArray()[0]!["value"] = "system:somebody",
            document => document["entry"]!["index"] = 1 - (long)document["entry"]!["index"]!,
            document => document["entry"]!["leaf"] = Flipped((string)document["entry"]!["leaf"]!),
            document => document["inclusion"]!.AsArray()[0] = Convert.ToBase64String(new byte[32]),
            document => document["checkpoint"] = ((string)document["checkpoint"]!).Replace("\n2\n", "\n3\n", StringComparison.Ordinal),
        ];
        foreach (var touch in touches)
        {
            var touched = (JsonObject)evidence.DeepClone();
            touch(touched);
            Assert.False(JsonNode.DeepEquals(evidence, touched), "The touch changed nothing.");
            Assert.Null(EvidenceDocument.Verify(Bytes(touched), key, out var fault));
            Assert.NotEmpty(fault);
        }
    }

    [Fact]
    public async Task Evidence_of_another_instance_is_refused()
    {
        await One.Checks.RunAsync(Tls, Stop);
        var (evidence, _) = await EvidenceAsync();
        var stranger = new NoteVerifier(((string)evidence["key"]!).Split('+')[0], new Ed25519SigningKey(new byte[32]).PublicKey.Span);
        Assert.Null(EvidenceDocument.Verify(Bytes(evidence), stranger, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public async Task Of_the_operators_log_only_evidence_is_public()
    {
        Guid other;
        await using (var session = One.Get<IDatabase>().Tenant(SystemLog.Scope(Actor.System("test"))))
            other = await session.RecordAsync(new AuditEvent("staff.did-something"), Stop);
        await One.Checks.RunAsync(Tls, Stop);
        Assert.Equal(404, await One.StatusAsync($"/trust/evidence/{other:D}", Stop));
        Assert.Equal(404, await One.StatusAsync($"/trust/evidence/{Guid.Empty:D}", Stop));
        Assert.Equal(404, await One.StatusAsync("/trust/evidence/1", Stop));
    }

    private async Task<(JsonObject Evidence, NoteVerifier Key)> EvidenceAsync()
    {
        var path = (string)(await StatementAsync())["claims"]!.AsArray().First(claim => (string?)claim!["id"] == "SC-01")!["controls"]!.AsArray()[0]!["evidence"]!;
        // Asking for the evidence gives the entry its place; from then on the log has a key to name.
        var evidence = (JsonObject)JsonNode.Parse(await Other.GetAsync(path, Stop))!;
        return (evidence, NoteVerifier.Parse((string)(await StatementAsync())["log"]!));
    }

    private async Task<JsonObject> StatementAsync() => SignedDocument.Open(await One.GetAsync("/trust.json", Stop), TrustStatement.Format, StatementKey, out _)!;

    private static JsonObject Field(JsonObject document, string name) =>
        (JsonObject)document["entry"]!["fields"]!.AsArray().Single(field => (string?)field!["name"] == name)!;

    private static string Flipped(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    private static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}

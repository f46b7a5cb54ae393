using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary>What an instance says of controls that nobody outside can see counts as far as its evidence bears it out.</summary>
public sealed class VerifyEvidence(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    private const string Claim = "AF-07", Control = "passwords.pbkdf2";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new();
    private readonly Ed25519SigningKey statementKey = new(RandomNumberGenerator.GetBytes(32));
    private readonly NoteSigner log = new("test.vouchsafe.dev/log", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
    private readonly Posture posture = TestPosture.Load("apower-flex");

    [Fact]
    public async Task Evidence_that_holds_is_verified_until_it_fades()
    {
        var evidence = Evidence(("control", Control), ("verdict", "verified"), ("message", "Seen."), ("valid-until", At(5)));
        Assert.Equal(("verified", "Seen."), await VerdictAsync(Statement(), evidence));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("stale", (await VerdictAsync(Statement(), evidence)).Verdict);
    }

    [Fact]
    public async Task Red_evidence_is_red_whatever_the_statement_says()
    {
        var evidence = Evidence(("control", Control), ("verdict", "failed"), ("message", "Broken."), ("valid-until", At(5)));
        Assert.Equal(("failed", "Broken."), await VerdictAsync(Statement(), evidence));
    }

    [Fact]
    public async Task Evidence_of_something_else_or_without_an_end_or_altered_fails()
    {
        Assert.Equal("failed", (await VerdictAsync(Statement(), Evidence(("control", "passwords.bcrypt"), ("verdict", "verified"), ("message", "Seen."), ("valid-until", At(5))))).Verdict);
        Assert.Equal("failed", (await VerdictAsync(Statement(), Evidence(("control", Control), ("verdict", "verified"), ("message", "Seen.")))).Verdict);
        var altered = Evidence(("control", Control), ("verdict", "failed"), ("message", "Broken."), ("valid-until", At(5))).Replace("\"value\":\"failed\"", "\"value\":\"verified\"", StringComparison.Ordinal);
        Assert.Equal("failed", (await VerdictAsync(Statement(), altered)).Verdict);
        Assert.Equal("failed", (await VerdictAsync(Statement(), "no evidence")).Verdict);
        Assert.Equal("failed", (await VerdictAsync(Statement(), null)).Verdict);
    }

    [Fact]
    public async Task A_statement_that_was_altered_or_signed_by_another_counts_for_nothing()
    {
        var evidence = Evidence(("control", Control), ("verdict", "verified"), ("message", "Seen."), ("valid-until", At(5)));
        var altered = Statement().Replace("\"APower", "\"BPower", StringComparison.Ordinal);
        Assert.NotEqual(Statement(), altered);
        Assert.Equal("failed", (await VerdictAsync(altered, evidence)).Verdict);
        Assert.Equal("failed", (await VerdictAsync(Statement(), evidence, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))).Verdict);
        Assert.Equal("verified", (await VerdictAsync(Statement(), evidence, Convert.ToBase64String(statementKey.PublicKey.Span))).Verdict);
    }

    private string At(int minutes) => TrustStatement.Time(time.GetUtcNow() + TimeSpan.FromMinutes(minutes));

    private string Statement()
    {
        var seen = new Vouchsafe.Claims.Checks.Sighting(Control, true, "Seen.", time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromMinutes(5), null, null, Guid.CreateVersion7(time.GetUtcNow()));
        var states = posture.Claims.Where(claim => claim.Withdrawn is null)
            .Select(claim => ClaimState.Of(claim, control => control == Control ? seen : null, time.GetUtcNow())).ToList();
        return SignedDocument.Sign(TrustStatement.Build(posture, states, time.GetUtcNow(), log.Verifier.ToString(), ClaimHistory.Empty), statementKey).ToJsonString();
    }

    private string Evidence(params (string Name, string Value)[] fields)
    {
        var folder = Directory.CreateTempSubdirectory("vouchsafe-evidence-").FullName;
        try
        {
            var keys = new KeyRing(new FolderKeyStore(folder), time);
            var tenant = Guid.CreateVersion7(time.GetUtcNow());
            var draft = new EntryDraft(LogId.New(), tenant, time.GetUtcNow(), EvidenceDocument.CheckRan, EntryActor.System("checks"), null, [.. fields.Select(field => new EntryField(field.Name, field.Value))]);
            var entry = new EntryBuilder(keys).Build(draft);
            var opened = new EntryOpener(keys).Open(tenant, entry.Leaf, entry.Payload);
            var checkpoint = new Checkpoint("test.vouchsafe.dev/log", new TreeHead(1, entry.LeafHash)).Sign(log);
            return EvidenceDocument.Build(tenant, 0, entry.Leaf, opened.Actor.Fields, opened.Fields.Fields, [], checkpoint, log.Verifier).ToJsonString();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<(string Verdict, string Message)> VerdictAsync(string statement, string? evidence, string? key = null)
    {
        await using var node = await EdgeNode.StartAsync(database, posture, app =>
        {
            app.MapGet("/trust.json", () => Results.Text(statement, "application/json", Encoding.UTF8));
            if (evidence is not null) app.MapGet("/trust/evidence/{id}", (string id) => Results.Text(evidence, "application/json", Encoding.UTF8));
        });
        using var output = new StringWriter();
        using var progress = new StringWriter();
        var options = new VerifyOptions(new CheckTarget(node.Https, node.Http, [node.Https], AcceptAnyCertificate: true), TestPosture.File("apower-flex"), [Claim], key, Json: true);
        var code = await VerifyCommand.RunAsync(options, output, progress, time, Stop);
        var claim = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("claims")[0];
        var verdict = claim.GetProperty("verdict").GetString()!;
        Assert.Equal(verdict == "verified" ? 0 : 1, code);
        return (verdict, claim.GetProperty("message").GetString()!);
    }
}

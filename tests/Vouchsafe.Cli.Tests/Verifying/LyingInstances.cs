using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary>An operator with real keys states what isn't so. Each lie fails, over the wire and from a file.</summary>
public sealed class LyingInstances(EdgeDatabase database) : IClassFixture<EdgeDatabase>, IAsyncLifetime
{
    private const string Claim = "AF-07", Control = "passwords.pbkdf2";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new();
    private readonly Posture posture = TestPosture.Load("apower-flex");
    private ForgedInstance instance = null!;
    private EdgeNode node = null!;
    private Func<HttpContext, Task> answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        instance = new ForgedInstance(time);
        node = await EdgeNode.StartAsync(database, posture, app =>
        {
            app.MapGet("/trust.json", context => answer(context));
            app.MapGet("/elsewhere", context => context.Response.WriteAsync("{}"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        instance.Dispose();
    }

    [Fact]
    public async Task The_truth_is_verified_until_it_fades()
    {
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        await IsAsync("verified", "Seen.", statement);
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        await IsAsync("verified", "Seen.", statement);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await IsAsync("stale", "too long ago", statement);
    }

    [Fact]
    public async Task A_validity_of_a_hundred_years_ends_after_what_the_posture_says()
    {
        var statement = await instance.Record(Control, "verified", posture.Hash, validUntil: "2126-01-01T00:00:00.000Z").StateAsync(posture);
        time.Advance(posture.Figures("assurance.schedule").Duration("valid-for"));
        await IsAsync("stale", "too long ago", statement);
    }

    [Fact]
    public async Task A_weaker_posture_of_the_same_name_is_not_the_one_at_hand()
    {
        var weaker = PostureFile.Parse(File.ReadAllText(TestPosture.File("apower-flex")).Replace("attempts: 6", "attempts: 60", StringComparison.Ordinal), folder: Path.GetDirectoryName(TestPosture.File("apower-flex")));
        Assert.Equal(posture.Name, weaker.Name);
        Assert.NotEqual(posture.Hash, weaker.Hash);
        await IsAsync("failed", "another version of the posture", await instance.Record(Control, "verified", weaker.Hash).StateAsync(weaker));
        // It says that it runs the right one, and checked under the other.
        await IsAsync("failed", "another version of the posture", await instance.StateAsync(posture));
    }

    [Fact]
    public async Task An_older_green_hides_no_newer_red()
    {
        instance.Record(Control, "verified", posture.Hash).Record("audit.immutable", "verified", posture.Hash).Record(Control, "failed", posture.Hash).Record("audit.actions", "verified", posture.Hash);
        await IsAsync("failed", "Broken.", await instance.StateAsync(posture));
        // The red is left out.
        await IsAsync("failed", "left out", await instance.StateAsync(posture, 0, 1, 3));
        await IsAsync("failed", "left out", await instance.StateAsync(posture, 3, 0));
        // The control is left out.
        await IsAsync("unknown", "shows no result", await instance.StateAsync(posture, 3));
        // A statement from before the red fades by itself.
        var older = await instance.StateAsync(posture, 0, 1);
        time.Advance(TimeSpan.FromMinutes(5));
        await IsAsync("stale", "too long ago", older);
    }

    [Fact]
    public async Task A_result_is_of_the_control_it_names_and_of_the_kind_it_is()
    {
        await IsAsync("unknown", "shows no result", await instance.Record("passwords.bcrypt", "verified", posture.Hash).StateAsync(posture));
        await IsAsync("unknown", "shows no result", await instance.Record(Control, "verified", posture.Hash, name: "staff.claimed").StateAsync(posture));
        await IsAsync("failed", "Broken.", await instance.Record(Control, "Verified", posture.Hash).StateAsync(posture));
    }

    [Fact]
    public async Task Times_to_come_fail()
    {
        var ahead = time.GetUtcNow() + TimeSpan.FromSeconds(61);
        await IsAsync("failed", "yet to come", await instance.Record(Control, "verified", posture.Hash, ahead).StateAsync(posture));
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        statement["generatedAt"] = TrustStatement.Time(ahead);
        await IsAsync("failed", "yet to come", instance.Sign(statement));
        statement["generatedAt"] = TrustStatement.Time(ahead - TimeSpan.FromSeconds(1));
        await IsAsync("verified", "Seen.", instance.Sign(statement));
    }

    [Fact]
    public async Task What_the_statement_says_itself_counts_for_nothing()
    {
        var statement = await instance.Record(Control, "failed", posture.Hash).StateAsync(posture);
        var green = new JsonObject { ["id"] = Claim, ["verdict"] = "verified", ["controls"] = new JsonArray(new JsonObject { ["control"] = Control, ["verdict"] = "verified" }) };
        // Twice the same claim, and one that no posture makes.
        statement["claims"] = new JsonArray(green, green.DeepClone(), new JsonObject { ["id"] = "XX-1", ["verdict"] = "verified" });
        await IsAsync("failed", "Broken.", instance.Sign(statement));
        statement["results"] = null;
        await IsAsync("unknown", "shows no result", instance.Sign(statement));
    }

    [Fact]
    public async Task A_statement_of_another_key_or_touched_anywhere_counts_for_nothing()
    {
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        using var other = new ForgedInstance(time);
        await IsAsync("failed", "another key", statement, key: other.Key);
        await IsAsync("failed", "another key", other.Sign((JsonObject)statement.DeepClone()));
        Action<JsonObject>[] touches =
        [
            document => document["postureHash"] = new string('0', 64),
            document => document["results"]!["entries"]![0]!["fields"]![2]!["value"] = "verified ",
            document => document["results"]!["entries"]![0]!["index"] = 1,
            document => document["results"]!["checkpoint"] = ((string)document["results"]!["checkpoint"]!).Replace("\n1\n", "\n2\n", StringComparison.Ordinal),
            document => document["log"] = "lies.example/log+00000000+AAAA",
        ];
        foreach (var touch in touches)
        {
            var touched = (JsonObject)statement.DeepClone();
            touch(touched);
            await IsAsync("failed", "can't be believed", touched);
            // Signed again: then what is inside doesn't hold.
            Assert.NotEqual("verified", (await VerdictAsync(Bytes(instance.Sign(touched)), instance.Key)).Verdict);
        }
    }

    [Fact]
    public async Task What_no_reader_should_take_is_refused()
    {
        var good = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        var text = good.ToJsonString();
        foreach (var bad in new[]
                 {
                     text[..^100], text + "x", "[]", "", "null", "{\"format\":\"vouchsafe.dev/trust-statement/v2\"" + text[text.IndexOf(',', StringComparison.Ordinal)..],
                     text.Replace("\"posture\":", "\"posture\":\"other\",\"posture\":", StringComparison.Ordinal),
                     text[..^1] + ",\"deep\":" + new string('[', 100) + new string(']', 100) + "}",
                     text[..^1] + ",\"huge\":\"" + new string('x', SignedDocument.LongestDocument) + "\"}",
                 })
            Assert.Equal("failed", (await VerdictAsync(Encoding.UTF8.GetBytes(bad), instance.Key)).Verdict);
        // More results than a statement may carry.
        var entries = good["results"]!["entries"]!.AsArray();
        for (var more = 0; more < ResultChain.MaxEntries; more++) entries.Add(entries[0]!.DeepClone());
        await IsAsync("failed", "carries no results", instance.Sign(good));
    }

    [Fact]
    public async Task A_server_that_is_slow_endless_or_sends_elsewhere_is_not_waited_for()
    {
        foreach (var (said, behave) in new (string, Func<HttpContext, Task>)[]
                 {
                     ("was answered 302", context => { context.Response.Redirect("/elsewhere"); return Task.CompletedTask; }),
                     ("didn't answer within", async context => await Task.Delay(Timeout.Infinite, context.RequestAborted)),
                     ("didn't answer within", DripAsync),
                     ("can't be read", EndlessAsync),
                 })
        {
            answer = async context =>
            {
                try
                {
                    await behave(context);
                }
                catch (Exception gone) when (context.RequestAborted.IsCancellationRequested || gone is IOException or OperationCanceledException)
                {
                    // The client had enough.
                }
            };
            var (verdict, message, _, _) = await RunAsync(Options() with { Key = instance.Key, Patience = TimeSpan.FromSeconds(1) });
            Assert.Equal("failed", verdict);
            Assert.Contains(said, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_key_it_says_loudly_that_nothing_is_pinned()
    {
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        answer = context => context.Response.Body.WriteAsync(Bytes(statement)).AsTask();
        var (verdict, _, json, progress) = await RunAsync(Options());
        Assert.Equal("verified", verdict);
        Assert.Contains("! key not pinned", progress, StringComparison.Ordinal);
        Assert.Contains("--key " + instance.Key, progress, StringComparison.Ordinal);
        Assert.False(json.GetProperty("keyPinned").GetBoolean());
        (_, _, json, progress) = await RunAsync(Options() with { Key = instance.Key });
        Assert.DoesNotContain("not pinned", progress, StringComparison.Ordinal);
        Assert.True(json.GetProperty("keyPinned").GetBoolean());
        Assert.Equal((instance.Key, posture.Hash, posture.Hash), (json.GetProperty("key").GetString(), json.GetProperty("postureHash").GetString(), json.GetProperty("statedHash").GetString()));
    }

    [Fact]
    public async Task Planned_claims_pass_where_they_may_and_nothing_else_does()
    {
        var planned = posture.Claims.First(claim => claim.Withdrawn is null && claim.Controls.All(control => Vouchsafe.Claims.Controls.ControlCatalogue.Find(control)!.Stage == Vouchsafe.Claims.Controls.Stage.Planned)).Id;
        var statement = await instance.Record(Control, "verified", posture.Hash).StateAsync(posture);
        answer = context => context.Response.Body.WriteAsync(Bytes(statement)).AsTask();
        Assert.Equal(1, await CodeAsync(Options() with { Claims = [Claim, planned] }));
        Assert.Equal(0, await CodeAsync(Options() with { Claims = [Claim, planned], AllowPlanned = true }));
        Assert.Equal(1, await CodeAsync(Options() with { Claims = [planned], AllowPlanned = true }));
        Assert.Equal(1, await CodeAsync(Options() with { Claims = [Claim, posture.Claims.First(claim => claim.Controls.Contains("audit.immutable")).Id], AllowPlanned = true }));
    }

    [Fact]
    public async Task A_file_is_judged_offline_by_the_time_that_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            var at = time.GetUtcNow();
            await File.WriteAllBytesAsync(file, Bytes(await instance.Record(Control, "verified", posture.Hash).Record("transport.tls", "verified", posture.Hash).StateAsync(posture)), Stop);
            var offline = Options() with { Target = null, File = file, Key = instance.Key };
            Assert.Equal(0, await CodeAsync(offline));
            // Nobody is asked for what an outsider could see either.
            Assert.Equal(0, await CodeAsync(offline with { Claims = ["AF-01"] }));
            time.Advance(TimeSpan.FromDays(30));
            Assert.Equal(1, await CodeAsync(offline));
            Assert.Equal(0, await CodeAsync(offline with { At = at + TimeSpan.FromMinutes(1) }));
            Assert.Equal(2, await CodeAsync(offline with { File = file + ".none" }));
            Assert.Equal(2, await CodeAsync(offline with { Key = "no key" }));
            Assert.Equal(2, await CodeAsync(offline with { Posture = "no-such-posture" }));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task DripAsync(HttpContext context)
    {
        context.Response.ContentLength = 1_000;
        while (true)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(100, context.RequestAborted);
        }
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        var much = new byte[1 << 20];
        while (true) await context.Response.Body.WriteAsync(much, context.RequestAborted);
    }

    private static byte[] Bytes(JsonObject statement) => Encoding.UTF8.GetBytes(statement.ToJsonString());

    private VerifyOptions Options() => new(new CheckTarget(node.Https, node.Http, [node.Https], AcceptAnyCertificate: true), TestPosture.File("apower-flex"), [Claim], null, Json: true);

    private async Task IsAsync(string verdict, string said, JsonObject statement, string? key = null)
    {
        var (found, message) = await VerdictAsync(Bytes(statement), key ?? instance.Key);
        Assert.True(verdict == found && message.Contains(said, StringComparison.Ordinal), $"{found}: {message}");
    }

    /// <summary>Over the wire, and the same document from a file.</summary>
    private async Task<(string Verdict, string Message)> VerdictAsync(byte[] statement, string key)
    {
        answer = context => context.Response.Body.WriteAsync(statement).AsTask();
        var (verdict, message, _, _) = await RunAsync(Options() with { Key = key });
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, statement, Stop);
        var offline = await RunAsync(Options() with { Target = null, File = file, Key = key });
        File.Delete(file);
        Assert.Equal(verdict, offline.Verdict);
        return (verdict, message);
    }

    private async Task<(string Verdict, string Message, JsonElement Json, string Progress)> RunAsync(VerifyOptions options)
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        var code = await VerifyCommand.RunAsync(options, output, progress, time, Stop);
        var json = JsonDocument.Parse(output.ToString()).RootElement;
        var claim = json.GetProperty("claims")[0];
        var verdict = claim.GetProperty("verdict").GetString()!;
        Assert.Equal(verdict == "verified" ? 0 : 1, code);
        Assert.Equal(verdict == "verified", json.GetProperty("holds").GetBoolean());
        return (verdict, claim.GetProperty("message").GetString()!, json, progress.ToString());
    }

    private async Task<int> CodeAsync(VerifyOptions options)
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        return await VerifyCommand.RunAsync(options, output, progress, time, Stop);
    }
}

using System.Net;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Hosting.Tests.ActionLog;

public sealed class ActionLogTests : IAsyncLifetime
{
    private const string Silence =
        "create or replace function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as ";

    private readonly ActionLogApplication _app = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_change_that_records_nothing_is_recorded_as_a_request()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, "/silent"));
        var entry = Assert.Single(await _app.EntriesAsync(_app.Tenant));
        Assert.Equal("request.handled", entry.Event);
        Assert.Equal([("actor", $"user:{_app.Person}"), ("address", "203.0.113.9")], entry.Actor.Fields.Select(field => (field.Name, field.Value)));
        Assert.Equal([("method", "POST"), ("route", "/silent"), ("status", "200")], entry.Fields.Fields.Select(field => (field.Name, field.Value)));
    }

    [Fact]
    public async Task A_change_that_records_itself_is_left_alone()
    {
        await SendAsync(HttpMethod.Post, "/telling");
        Assert.Equal("order.created", Assert.Single(await _app.EntriesAsync(_app.Tenant)).Event);
    }

    [Fact]
    public async Task A_change_that_fails_is_recorded_too()
    {
        Assert.Equal(HttpStatusCode.InternalServerError, await SendAsync(HttpMethod.Post, "/failing"));
        Assert.Contains(Assert.Single(await _app.EntriesAsync(_app.Tenant)).Fields.Fields, field => field is { Name: "status", Value: "500" });
    }

    [Fact]
    public async Task Reading_personal_data_leaves_an_entry_and_reading_anything_else_none()
    {
        await SendAsync(HttpMethod.Get, "/plain");
        Assert.Empty(await _app.EntriesAsync(_app.Tenant));
        await SendAsync(HttpMethod.Get, "/people");
        Assert.Contains(Assert.Single(await _app.EntriesAsync(_app.Tenant)).Fields.Fields, field => field is { Name: "reads", Value: "people" });
    }

    [Fact]
    public async Task Staff_without_a_tenant_are_recorded_in_the_operators_log()
    {
        await SendAsync(HttpMethod.Post, "/silent", "staff");
        var entry = Assert.Single(await _app.EntriesAsync(SystemLog.Tenant));
        Assert.Contains(entry.Actor.Fields, field => field.Value == $"staff:{_app.Person}");
    }

    [Fact]
    public async Task A_request_that_cant_be_recorded_fails_and_gives_nothing_away()
    {
        await TestDatabase.RunAsync(_app.Owner, Silence + "$$ begin raise exception 'no'; end $$");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/people") { Headers = { { ActionLogApplication.As, "person" } } };
        using var response = await _app.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("Maarja", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_sees_a_trail_that_swallows_entries()
    {
        Assert.True((await CheckAsync()).Holds);
        var definition = (string)(await TestDatabase.ScalarAsync(_app.Superuser, "select pg_get_functiondef('audit.append(uuid, uuid, bytea[], bytea[])'::regprocedure)"))!;
        await TestDatabase.RunAsync(_app.Owner, Silence + "$$ begin end $$");
        var finding = await CheckAsync();
        Assert.False(finding.Holds);
        Assert.Contains("left no entry", finding.Message, StringComparison.Ordinal);
        await TestDatabase.RunAsync(_app.Owner, definition);
        Assert.True((await CheckAsync()).Holds);
    }

    /// <summary>The canary's own endpoints stay right: the check asks the others too.</summary>
    [Theory]
    [InlineData("/silent")]
    [InlineData("/telling")]
    [InlineData("/failing")]
    public async Task One_endpoint_past_the_action_log_is_named(string path)
    {
        Assert.True((await CheckAsync()).Holds);
        _app.Past = path;
        var finding = await CheckAsync();
        Assert.False(finding.Holds);
        Assert.Contains($"POST {path} on", finding.Message, StringComparison.Ordinal);
        _app.Past = null;
        Assert.True((await CheckAsync()).Holds);
    }

    /// <summary>The trail itself stays right; what a node answers in its place isn't.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task An_export_that_a_node_answers_wrongly_is_named(string answer)
    {
        Task<Finding> ExportAsync() =>
            _app.Check("audit.export").RunAsync(new CheckContext(new CheckTarget(_app.Client.BaseAddress!, null, [], true), null!, null!, _app.Time), Cancellation);
        var sound = await ExportAsync();
        Assert.True(sound.Holds, sound.Message);
        _app.Answer = ("/audit/export.json", answer);
        var finding = await ExportAsync();
        Assert.False(finding.Holds);
        Assert.Contains("does not verify", finding.Message, StringComparison.Ordinal);
        _app.Answer = null;
        Assert.True((await ExportAsync()).Holds);
    }

    [Fact]
    public async Task A_probe_has_no_effect_and_is_no_way_past_the_endpoint_for_others()
    {
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/silent")
        {
            Headers = { { ActionLogApplication.As, "person" }, { "X-Vouchsafe-Canary", "00.0000000000000000000000000000000000000000000000000000000000000000" } },
        };
        using var answer = await _app.Client.SendAsync(forged, Cancellation);
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_tile_has_one_address_and_a_full_one_is_kept_for_good()
    {
        for (var n = 0; n < 260; n++)
            await SendAsync(HttpMethod.Post, "/telling");
        await _app.EntriesAsync(_app.Tenant);
        foreach (var path in new[] { "/audit/log/tile/0/000", "/audit/log/tile/entries/000", "/audit/log/tile/0/001.p/4", "/audit/log/tile/entries/001.p/4", "/audit/log/tile/1/000.p/1" })
        {
            using var answer = await GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var partial = path.Contains(".p/", StringComparison.Ordinal);
            Assert.Equal(partial ? "no-store" : "max-age=31536000, private, immutable", answer.Headers.CacheControl!.ToString());
            Assert.Equal(partial, answer.Headers.ETag is null);
            if (!partial)
                Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(path, answer.Headers.ETag!.Tag)).StatusCode);
        }

        foreach (var path in new[]
        {
            "/audit/log/tile/0/000/", "/audit/log/tile/00/000", "/audit/log/tile/+0/000", "/audit/log/tile/0/0", "/audit/log/tile/0/0000", "/audit/log/tile/0/x000/000",
            "/audit/log/tile/0/%30%30%30", "/audit/log/tile/%30/000", "/audit/log/tile/0/000?", "/audit/log/tile/0/000?a=1", "/audit/log/TILE/0/000", "/Audit/log/tile/0/000",
            "/audit/log/tile//0/000", "/audit/log/tile/0/000.p/256", "/audit/log/tile/0/000.p/0", "/audit/log/tile/0/001.p/04", "/audit/log/tile/0/001.P/4", "/audit/log/tile/0/001.p/5",
            "/audit/log/tile/0/001", "/audit/log/tile/8/000", "/audit/log/tile/-1/000", "/audit/log/tile/Entries/000", "/audit/log/tile/entries/002.p/1", "/audit/log/tile/entries/x000/000",
            "/audit/log/tile/0/x999/x999/x999/x999/x999/x999/999", "/audit/log/checkpoint/", "/audit/log/checkpoint?a=1", "/audit/log/%63heckpoint", "/audit/LOG/vkey",
            "/audit/roll-up/tile/0/x000/000", "/audit/roll-up/checkpoint?a=1", "/audit/roll-up/VKEY",
        })
        {
            using var answer = await GetAsync(path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
            Assert.True(answer.Headers.CacheControl?.NoStore ?? true);
            Assert.Null(answer.Headers.ETag);
        }
    }

    [Fact]
    public async Task Bundles_hold_the_leaves_that_the_tile_hashes()
    {
        for (var n = 0; n < 3; n++)
            await SendAsync(HttpMethod.Post, "/telling");
        await _app.EntriesAsync(_app.Tenant);
        var hashes = await (await GetAsync("/audit/log/tile/0/000.p/3")).Content.ReadAsByteArrayAsync(Cancellation);
        var bundle = await (await GetAsync("/audit/log/tile/entries/000.p/3")).Content.ReadAsByteArrayAsync(Cancellation);
        var at = 0;
        for (var n = 0; n < 3; n++)
        {
            var size = bundle[at] << 8 | bundle[at + 1];
            Assert.Equal(hashes[(32 * n)..(32 * n + 32)], Vouchsafe.Transparency.Trees.TreeHash.Leaf(bundle.AsSpan(at + 2, size)).Bytes.ToArray());
            at += 2 + size;
        }

        Assert.Equal(bundle.Length, at);
        Assert.DoesNotContain("203.0.113.9", System.Text.Encoding.Latin1.GetString(bundle), StringComparison.Ordinal);
    }

    /// <summary>Sends the address as it is written: HttpClient would mend it.</summary>
    private async Task<HttpResponseMessage> GetAsync(string path, string? tag = null)
    {
        var address = new Uri(_app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { ActionLogApplication.As, "person" } } };
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await _app.Client.SendAsync(request, Cancellation);
    }

    [Fact]
    public async Task The_canary_endpoint_makes_nobody_the_canary_without_its_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/audit/canary") { Headers = { { "X-Vouchsafe-Canary", "00.0000000000000000000000000000000000000000000000000000000000000000" } } };
        using var response = await _app.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await _app.EntriesAsync(CanaryLog.Tenant));
    }

    [Fact]
    public async Task The_trail_is_listed_and_its_tiles_and_proofs_are_served()
    {
        for (var n = 0; n < 3; n++)
            await SendAsync(HttpMethod.Post, "/telling");
        await _app.EntriesAsync(_app.Tenant);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/entries?limit=2"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Get, "/audit/entries?limit=501"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/log/checkpoint"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/log/vkey"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/log/tile/0/000.p/3"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/audit/log/tile/0/000"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/audit/log/tile/0/0"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/log/inclusion?index=1&size=3"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/audit/log/inclusion?index=3&size=3"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/audit/log/consistency?from=1&to=3"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/audit/log/consistency?from=3&to=1"));
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string caller = "person")
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { ActionLogApplication.As, caller } } };
        using var response = await _app.Client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private Task<Finding> CheckAsync() =>
        _app.Check("audit.actions").RunAsync(new CheckContext(new CheckTarget(_app.Client.BaseAddress!, null, [], true), null!, null!, _app.Time), Cancellation);
}

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
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Get, "/audit/log/tile/0/0"));
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

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Xunit;

namespace Vouchsafe.Hosting.Tests.Limits;

/// <summary>An endpoint that takes a password, a link or an address and names no budget stops the start-up.</summary>
public sealed class AttemptRules
{
    public sealed record WithToken(string LinkToken);

    public sealed record WithName(string Name);

    [Fact]
    public void Whatever_may_be_guessed_at_says_what_it_counts()
    {
        Assert.Contains("counts no attempt", FaultOf(app => app.MapPost("/open", () => "").OpenToAnybody("a test")), StringComparison.Ordinal);
        Assert.Contains("counts no attempt", FaultOf(app => app.MapPut("/limited", () => "").RequirePermission("a.b").LimitSignIn()), StringComparison.Ordinal);
        Assert.Contains("counts no attempt", FaultOf(app => app.MapDelete("/given", ([FromServices] IPasswordProof proof) => "").RequirePermission("a.b")), StringComparison.Ordinal);
        Assert.Contains("counts no attempt", FaultOf(app => app.MapPost("/body", () => "").RequirePermission("a.b").Accepts<WithToken>("application/json")), StringComparison.Ordinal);
        Assert.Contains("counts no attempt", FaultOf(app => app.Map("/any", () => "").OpenToAnybody("a test")), StringComparison.Ordinal);
        Assert.Contains("isn't limited by client", FaultOf(app => app.MapPost("/unlimited", () => "").RequirePermission("a.b").CountAttempts(AttemptKind.Session)), StringComparison.Ordinal);
        Assert.Contains("without a reason", FaultOf(app => app.MapPost("/open", () => "").OpenToAnybody("a test").NothingToGuess(" ")), StringComparison.Ordinal);

        Assert.Null(FaultOf(app => app.MapPost("/counted", () => "").OpenToAnybody("a test").LimitSignIn().CountAttempts(AttemptKind.SignIn)));
        Assert.Null(FaultOf(app => app.MapPost("/said", () => "").OpenToAnybody("a test").NothingToGuess("it is random")));
        Assert.Null(FaultOf(app => app.MapGet("/read", ([FromServices] IPasswordProof proof) => "").OpenToAnybody("a test")));
        Assert.Null(FaultOf(app => app.MapPost("/other", () => "").RequirePermission("a.b").Accepts<WithName>("application/json")));
    }

    private static string? FaultOf(Action<WebApplication> map)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        map(app);
        return EndpointCatalogue.Fault(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single());
    }
}

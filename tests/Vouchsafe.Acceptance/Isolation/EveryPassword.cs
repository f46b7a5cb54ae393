using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Xunit;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>Everything that verifies a password or takes an address from strangers is limited, and the check of the limit asks it.</summary>
[Collection<TwoTenants>]
public sealed class EveryPassword(UnderApowerFlex running)
{
    [Fact]
    public void That_is_taken_is_counted_and_looked_at()
    {
        var posts = running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.Trim('/'), Limit: endpoint.Metadata.GetMetadata<Limit>(), Open: endpoint.Metadata.GetMetadata<OpenToAnybodyAttribute>() is not null))
            .ToList();
        // A request that changes something for a stranger counts as an attempt to sign in, or to set up.
        Assert.All(posts.Where(post => post.Open), post => Assert.True(post.Limit?.Control is "limits.sign-in" or "limits.setup", post.Path));
        var asked = SignInLimitCheck.Paths.Append("/api/auth/sign-in").ToHashSet(StringComparer.Ordinal);
        Assert.Equal(posts.Where(post => post.Limit?.Control == "limits.sign-in").Select(post => post.Path).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }
}

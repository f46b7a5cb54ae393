using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Tenancy;
using Xunit;

namespace Vouchsafe.Edge.Tests.Headers;

/// <summary>What a cache may keep is said by the edge where a handler forgot, or said too much.</summary>
public sealed class Caches
{
    [Theory]
    [InlineData(true, false, null, "no-store")]
    [InlineData(true, false, "no-cache", "no-cache")]
    [InlineData(true, false, "public, max-age=60", "public, max-age=60")]
    [InlineData(true, true, "no-cache", "no-store")]
    [InlineData(true, true, "private, max-age=60", "no-store")]
    [InlineData(true, true, "public, max-age=31536000, immutable", "public, max-age=31536000, immutable")]
    [InlineData(false, true, null, "no-store")]
    [InlineData(false, true, "public, max-age=60", "no-store")]
    [InlineData(false, false, "public, max-age=60", "no-store")]
    public void Keep_what_is_open_and_said_to_be_kept(bool open, bool signedIn, string? said, string sent)
    {
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(open ? new Permission(null, "a test") : new Permission("orders.read")), "test"));
        if (signedIn)
            context.Features.Set(new Caller(Guid.Empty, null, FrozenSet<string>.Empty, FrozenSet<string>.Empty, OwnerReach.Own, IPAddress.Loopback));
        context.Response.Headers.CacheControl = said;
        new CachePolicy().Apply(context);
        Assert.Equal(sent, context.Response.Headers.CacheControl.ToString());
    }

    [Theory]
    [InlineData("private, max-age=31536000, immutable", "private, max-age=31536000, immutable")]
    [InlineData("public, max-age=31536000, immutable", "no-store")]
    [InlineData(null, "no-store")]
    public void Keep_what_its_reader_alone_may_keep(string? said, string sent)
    {
        var context = new DefaultHttpContext { Response = { Headers = { CacheControl = said } } };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new Permission("audit.read"), new PrivateCache("a test")), "test"));
        new CachePolicy().Apply(context);
        Assert.Equal(sent, context.Response.Headers.CacheControl.ToString());
    }

    [Fact]
    public void Keep_nothing_where_there_is_no_endpoint()
    {
        var context = new DefaultHttpContext { Response = { Headers = { CacheControl = "public" } } };
        new CachePolicy().Apply(context);
        Assert.Equal("no-store", context.Response.Headers.CacheControl.ToString());
    }
}

using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Limits;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>Asks somebody who is signed in for their password again, before something that can't be undone. The Identity module answers.</summary>
[CountsAttempts]
public interface IPasswordProof
{
    Task<ReauthenticationResult> ProveAsync(Guid user, string password, IPAddress from, CancellationToken cancellationToken);

    /// <summary>The refusal of a password that wasn't right, or of one too many.</summary>
    IResult Refusal(HttpContext context, ReauthenticationResult refused);
}

/// <param name="Right">Whether the password was right.</param>
/// <param name="Wait">Where too many were tried: how long until the next may be.</param>
public sealed record ReauthenticationResult(bool Right, TimeSpan? Wait = null);

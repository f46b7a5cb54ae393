using System.Net;
using System.Text;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Attempts;

/// <summary>
/// What strangers tried, in the operator's log. No tenant's trail says it: whoever guesses has proved no membership, and names whatever tenant
/// they like. Accounts stand there as keyed tags, the same for the same address, so that a row of guesses shows; the address doesn't.
/// </summary>
internal sealed class GuessLog(IDatabase database, EmailVault vault, KeyRing keys)
{
    private const int TagBytes = 8;

    private readonly SecretKey tags = keys.Derive("identity/guess-tags");

    /// <param name="name">What was tried: <c>sign-in.refused</c>.</param>
    /// <param name="address">Null where it was no address: it may be somebody's password, typed into the wrong field.</param>
    /// <param name="from">From where.</param>
    public async Task RecordAsync(string name, EmailAddress? address, IPAddress from, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(SystemLog.Scope(Actor.System("identity"), from));
        await session.RecordAsync(new AuditEvent(name, new AuditField("account", address is { } typed ? Tag(typed) : "no address")), cancellationToken);
    }

    /// <summary>The tag of an address; known or not, all are alike.</summary>
    internal string Tag(EmailAddress address) => Convert.ToHexStringLower(tags.Authenticate([.. Encoding.ASCII.GetBytes("account"), .. vault.Index(address)]).ToArray().AsSpan(0, TagBytes));
}

using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Shows an account's own address.</summary>
internal sealed class EmailDirectory(IDatabase database, EmailVault vault)
{
    public async Task<string?> OfAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("identity"));
        var stored = await session.SingleOrDefaultAsync("select email_sealed from identity.users where user_id = $1",
            [user], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return stored is null ? null : vault.Open(user, stored);
    }
}

using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Shows an account's own address.</summary>
public sealed class EmailDirectory
{
    private readonly IDatabase database;
    private readonly EmailVault vault;

    internal EmailDirectory(IDatabase database, EmailVault vault) => (this.database, this.vault) = (database, vault);

    /// <summary>The account's address; null where there is no such account.</summary>
    public async Task<string?> OfAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("identity"));
        var stored = await session.SingleOrDefaultAsync("select email_sealed from identity.users where user_id = $1",
            [user], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return stored is null ? null : vault.Open(user, stored);
    }
}

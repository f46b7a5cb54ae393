using System.Security.Cryptography;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>Stores one hash with fewer iterations than are promised, of an account that belongs to no tenant and can't sign in.</summary>
internal sealed class PasswordsDrill(IDatabase database, PasswordOptions options) : IDrill
{
    private static readonly Guid Nobody = Guid.Parse("00000000-0000-7000-8000-0000000d4111");
    private static readonly Actor Identity = Actor.System("drill");

    public string Control => PasswordOptions.Control;

    public string Expected => "A stored password hash has";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        var weaker = new PasswordHashOptions(options.Figures.Iterations - 1, options.Figures.SaltBytes, options.Figures.HashBytes);
        var hash = PasswordHash.Create(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), weaker).ToString();
        await using var session = database.Platform(Identity);
        var stored = await session.ExecuteAsync(
            """
            insert into identity.users (user_id, email_index, email_sealed, password, password_set_at, canary) values ($1, $2, '', $3, $4, true)
            on conflict (user_id) do update set password = excluded.password, password_set_at = excluded.password_set_at
            """, [Nobody, RandomNumberGenerator.GetBytes(32), hash, session.Now], cancellationToken);
        return stored == 1 ? $"a hash with {weaker.Iterations} iterations was stored" : null;
    }

    public async Task MendAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("delete from identity.users where user_id = $1", [Nobody], cancellationToken);
    }
}

using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Control <c>tenancy.owner</c>: within a tenant, a row with an owner is closed to other users unless it is shared with them.</summary>
public sealed class OwnerCheck(DatabaseOptions options, IDatabase database, IContextKeys keys, LintBaseline baseline) : ICheck
{
    private static readonly Guid Stranger = Guid.Parse("00000000-0000-7000-8000-00000000dead");

    public string Control => "tenancy.owner";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await Canaries.PlantAsync(database, cancellationToken);
        await using var login = await AppLogin.OpenAsync(options, keys, baseline.Manifest, cancellationToken);
        var owned = login.Tables.Where(table => table.Owned).Select(table => table.Name).ToList();
        var seen = new JsonObject { ["tables"] = owned.Count };
        var wrong = await UsersAsync(login, cancellationToken) ?? await TablesAsync(login, owned, cancellationToken);
        return wrong is not null
            ? Finding.Broken(wrong, seen)
            : Finding.Held($"In {owned.Count} tables whose rows have owners, a user sees the own rows and those shared with the user, and no other.", seen);
    }

    private static async Task<string?> UsersAsync(AppLogin login, CancellationToken cancellationToken)
    {
        string As(Guid user, OwnerReach reach) => login.Context(Canaries.One, user, reach, TimeSpan.FromMinutes(1));
        Task<bool> Sees(string context, Guid row) => login.SeesAsync(context, "vouchsafe.canaries", "tenant_id = $1 and canary_id = $2", cancellationToken, Canaries.One.Value, row);
        var (hers, shared) = (Canaries.Private(Canaries.One), Canaries.Shared(Canaries.One));
        var (alice, bob, administrator) = (As(Canaries.Alice, OwnerReach.Own), As(Canaries.Bob, OwnerReach.Own), As(Canaries.Bob, OwnerReach.All));

        if (!await Sees(alice, hers) || !await Sees(alice, shared))
            return "An owner doesn't see the own rows.";
        if (await Sees(bob, hers))
            return "A user sees a row of another owner that isn't shared.";
        if (!await Sees(bob, shared))
            return "A user doesn't see a row that its owner shared.";
        if (!await Sees(administrator, hers))
            return "An administrator doesn't see the tenant's rows.";
        if (await Sees(With(bob, 40, 1), hers))
            return "A user reaches another owner's row by widening the context.";
        if (await Sees(With(bob, 24, Canaries.Alice.ToByteArray(bigEndian: true)), hers))
            return "A user reaches another owner's row by naming the owner in the context.";
        if ((await login.TryAsync(bob, "update vouchsafe.canaries set mark = 'taken' where canary_id = $1", cancellationToken, hers)).Rows > 0)
            return "A user changes a row of another owner.";
        if (!(await login.TryAsync(bob, "insert into vouchsafe.canaries (tenant_id, canary_id, owner_id, mark) values ($1, $2, $3, 'x')", cancellationToken, Canaries.One.Value, Stranger, Canaries.Alice)).Denied)
            return "A user writes a row under another owner's name.";
        return null;
    }

    /// <summary>The context with other bytes at a place, under the seal that it had.</summary>
    private static string With(string context, int at, params byte[] bytes)
    {
        var changed = Convert.FromHexString(context);
        bytes.CopyTo(changed, at);
        return Convert.ToHexStringLower(changed);
    }

    private static async Task<string?> TablesAsync(AppLogin login, List<string> owned, CancellationToken cancellationToken)
    {
        foreach (var table in owned)
            foreach (var tenant in new[] { Canaries.One, Canaries.Other })
                if (await login.SeesAsync(login.Context(tenant, Stranger, OwnerReach.Own, TimeSpan.FromMinutes(1)), table, "true", cancellationToken))
                    return $"{table} shows a user rows of another owner.";
        return null;
    }
}

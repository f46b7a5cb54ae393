using Vouchsafe.Audit.Logs;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Checks;

/// <summary>Tries, with the real logins, everything that would alter the trail. What is tried is rolled back if it works.</summary>
internal static class LoginAttempts
{
    private static readonly string[] OnEntries =
    [
        "update audit.entries set leaves = '{}'",
        "update audit.entries set sealed = '{}'",
        "delete from audit.entries",
        "insert into audit.entries (tenant_id, append_id, leaves, sealed) values ($1, $1, '{}', '{}')",
        "truncate audit.entries",
        "drop table audit.entries",
        "alter table audit.entries disable row level security",
        "create or replace function audit.append(uuid, uuid, bytea[], bytea[]) returns void language sql as ''",
    ];

    private static readonly string[] OnLog =
    [
        "update audit.heads set size = 1",
        "delete from audit.heads",
        "delete from audit.tiles",
        "delete from audit.bundles",
        "delete from audit.tails",
        "delete from audit.pending",
        "insert into audit.pending (tenant_id, append_id, hashes) values ($1, $1, decode(repeat('00', 32), 'hex'))",
        "update audit.settings set youngest_pruned = interval '30 days'",
    ];

    /// <summary>What numbers entries needs none of it: an append is handed in once, by <c>audit.append</c>, and nothing of a log is removed.</summary>
    private static readonly string[] OfPlatform =
    [
        "insert into audit.pending (tenant_id, append_id, hashes) values ($1, $1, decode(repeat('00', 32), 'hex'))",
        "update audit.pending set hashes = hashes",
        "select audit.append($1, $1, array[''::bytea], array[''::bytea])",
        "select audit.append_indexed($1, $1, array[''::bytea], array[''::bytea])",
        "delete from audit.heads",
        "delete from audit.tiles",
        "delete from audit.bundles",
        "delete from audit.logs",
        "delete from audit.checkpoint_keys",
        "update audit.settings set youngest_pruned = interval '30 days'",
    ];

    /// <returns>The first attempt that was not refused, as a sentence; else null.</returns>
    public static async Task<string?> FindOpeningAsync(IDatabase database, CancellationToken cancellationToken)
    {
        await using (var app = database.Tenant(CanaryLog.Scope))
            foreach (var attempt in OnEntries.Concat(OnLog))
                if (await SucceedsAsync(app, attempt, cancellationToken))
                    return $"The application's login was not refused: {attempt}.";
        await using (var platform = database.Platform(Actor.System("audit.immutable")))
            foreach (var attempt in OnEntries.Concat(OfPlatform))
                if (await SucceedsAsync(platform, attempt, cancellationToken))
                    return $"The platform's login was not refused: {attempt}.";
        return null;
    }

    private static async Task<bool> SucceedsAsync(Session session, string attempt, CancellationToken cancellationToken)
    {
        await session.BeginAsync(cancellationToken);
        try
        {
            await session.ExecuteAsync(attempt, attempt.Contains("$1", StringComparison.Ordinal) ? [CanaryLog.Tenant.Value] : [], cancellationToken);
            return true;
        }
        // The server did it, and the session closed the connection over the answer.
        catch (UnexpectedStatementException)
        {
            return true;
        }
        // 42501: insufficient privilege. Any other refusal is not the one that was promised.
        catch (DatabaseRefusedException refused) when (refused.SqlState == "42501")
        {
            return false;
        }
        finally
        {
            await session.RollbackAsync(cancellationToken);
        }
    }
}

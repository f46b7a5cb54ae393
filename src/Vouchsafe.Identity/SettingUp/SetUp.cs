using System.Security.Cryptography;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.SettingUp;

/// <summary>
/// The first operator's account. A code that only the process's own output shows opens the set-up once; then it is closed for good. The code proves the
/// console and no mailbox: until the address is confirmed from there, the account's password can't be reset by mail (decision 0094).
/// </summary>
[CountsAttempts]
public sealed class SetUp
{
    private const string CustomersAreNoStaff = "VS003";

    private static readonly Actor Identity = Actor.System("set-up");

    private readonly IDatabase database;
    private readonly AccountStore accounts;
    private readonly LinkStore links;
    private readonly AccountMail mail;
    private readonly TimeProvider time;
    private readonly ISetupDoor? door;

    internal SetUp(IDatabase database, AccountStore accounts, LinkStore links, AccountMail mail, TimeProvider time, ISetupDoor? door) =>
        (this.database, this.accounts, this.links, this.mail, this.time, this.door) = (database, accounts, links, mail, time, door);

    /// <returns>A new code to show to whoever started the process; null once the set-up is closed. Codes issued before no longer open.</returns>
    public async Task<string?> IssueCodeAsync(CancellationToken cancellationToken)
    {
        var code = Secret.Generate();
        await using var session = database.Platform(Identity);
        var issued = await session.ExecuteAsync(
            """
            insert into identity.setup (code_hash) values ($1)
            on conflict (singleton) do update set code_hash = excluded.code_hash where identity.setup.closed_at is null
            """,
            [code.Hash], cancellationToken);
        return issued == 1 ? code.Text : null;
    }

    /// <summary>What is answered once there is an operator.</summary>
    public static ProblemKind ClosedProblem => SetUpEndpoints.Closed;

    /// <summary>Whether there is no operator yet.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync("select count(*) from identity.setup where closed_at is not null", [], row => row.GetInt64(0), cancellationToken) == 0;
    }

    /// <summary>Makes the operator's first account and closes the set-up. Of two at once, one does it.</summary>
    internal Task<Result> CompleteAsync(string code, string email, string password, CancellationToken cancellationToken) =>
        CompleteAsync(code, email, password, confirmed: false, cancellationToken);

    /// <param name="confirmed">Whether the process vouches for the mailbox: of a person at the console who typed an address, nobody does yet.</param>
    private async Task<Result> CompleteAsync(string code, string email, string password, bool confirmed, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        var stored = await session.SingleOrDefaultAsync("select code_hash from identity.setup where closed_at is null for update",
            [], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (stored is null) return Result.Closed;
        if (Secret.Parse(code) is not { } shown || !CryptographicOperations.FixedTimeEquals(shown.Hash, stored)) return Result.WrongCode;
        if (EmailAddress.Parse(email) is not { } address) return Result.BadAccount;
        // One that is staff was made by this set-up, when it was interrupted before its end.
        if (await accounts.FindAsync(address, cancellationToken) is { IsStaff: false }) return Result.CustomerAccount;
        if (await accounts.PrepareAsync(email, password, canary: false, confirmed, cancellationToken) is not { } account) return Result.BadAccount;
        if (!await JoinAsync(account, cancellationToken)) return Result.CustomerAccount;
        await session.ExecuteAsync("update identity.setup set closed_at = $1 where closed_at is null", [time.GetUtcNow()], cancellationToken);
        if (door is not null) await door.CloseAsync(session, cancellationToken);
        if (!confirmed)
            await mail.ConfirmationAsync(session, await links.IssueAsync(session, LinkPurpose.Confirmation, address, null, cancellationToken), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return Result.Done;
    }

    /// <summary>Makes the operator's account and closes the set-up without a code: for the seed, in the migrating process.</summary>
    public async Task<bool> SeedAsync(string email, string password, CancellationToken cancellationToken) =>
        await IssueCodeAsync(cancellationToken) is { } code && await CompleteAsync(code, email, password, confirmed: true, cancellationToken) == Result.Done;

    /// <summary>The membership commits before the door closes. Where the process dies in between, the same set-up is called again and finds the account.</summary>
    /// <returns>False where a customer got the address a moment ago: nothing was written.</returns>
    private async Task<bool> JoinAsync(PreparedAccount account, CancellationToken cancellationToken)
    {
        if (await accounts.RoleAsync(TenantId.System, account.User, cancellationToken) == Roles.PlatformAdmin) return true;
        await using var trail = database.Tenant(new TenantScope(TenantId.System, Identity, OwnerReach.All, null));
        await trail.BeginAsync(cancellationToken);
        try
        {
            await accounts.JoinAsync(trail, account, Roles.PlatformAdmin, cancellationToken);
        }
        catch (Exception taken) when (taken is AccountRaceException or DatabaseRefusedException { SqlState: CustomersAreNoStaff })
        {
            return false;
        }
        await trail.RecordAsync(new AuditEvent("setup.closed"), cancellationToken);
        await trail.CommitAsync(cancellationToken);
        return true;
    }

    internal enum Result
    {
        Done,
        Closed,
        WrongCode,
        BadAccount,

        /// <summary>The address has an account that isn't staff's, and can't become staff's.</summary>
        CustomerAccount,
    }
}

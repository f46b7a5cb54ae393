using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Linting;

/// <summary>Looks before the application serves: a finding of the linter, or contexts that the database doesn't accept, stop the start-up.</summary>
public sealed class TenancyGuard(DatabaseOptions options, IDatabase database, LintBaseline baseline)
{
    /// <exception cref="TenancyGuardException">The application must not serve; the message lists why.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        List<LintFinding> findings =
        [
            .. ConnectionStringRule.Lint(options.Platform),
            .. (await TenancyLinter.LintAsync(options.App, baseline, cancellationToken)).Findings,
        ];
        if (findings.Count > 0)
            throw new TenancyGuardException(findings);

        // A context that the database doesn't accept closes every row, and looks like a database without rows.
        var probe = new TenantId(Guid.Parse("00000000-0000-7000-8000-00000000ffff"));
        await using var session = database.Tenant(new TenantScope(probe, Actor.System("start-up"), OwnerReach.All, null));
        var (seen, skew) = await session.SingleOrDefaultAsync("select vouchsafe.current_tenant(), clock_timestamp()", [],
            row => (row.IsDBNull(0) ? Guid.Empty : row.GetGuid(0), (row.GetFieldValue<DateTimeOffset>(1) - TimeProvider.System.GetUtcNow()).Duration()),
            cancellationToken);
        if (seen == probe.Value)
            return;
        throw new TenancyGuardException([skew > ContextSealer.Lifetime - ContextSealer.Renewal
            ? new LintFinding("context.clock", "server", $"The database's clock and this node's are {skew.TotalSeconds:F0} s apart.", "Set both by the same time source.")
            : new LintFinding("context.key", "vouchsafe.seal_keys", "The database doesn't accept this node's contexts.", "Give the node the key store that belongs to the database, and run the migrations.")]);
    }
}

/// <summary>The application refuses to serve.</summary>
public sealed class TenancyGuardException : Exception
{
    internal TenancyGuardException(IReadOnlyList<LintFinding> findings)
        : base("The application doesn't serve while tenants aren't kept apart:" + string.Concat(findings.Select(finding => Environment.NewLine + "  " + finding))) =>
        Findings = findings;

    public IReadOnlyList<LintFinding> Findings { get; }
}

using Vouchsafe.Postgres.Linting;
using Xunit;

namespace Vouchsafe.Audit.Tests.Databases;

public sealed class SchemaTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    [Fact]
    public async Task The_trails_schema_leads_from_no_tenant_to_another() =>
        Assert.Empty((await TenancyLinter.LintAsync(database.Owner, database.Baseline, TestContext.Current.CancellationToken)).Findings);
}

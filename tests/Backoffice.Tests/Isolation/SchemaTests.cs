using Backoffice.Tests.Databases;
using Vouchsafe.Postgres.Linting;
using Xunit;

namespace Backoffice.Tests.Isolation;

public sealed class SchemaTests(BackofficeDatabase database) : IClassFixture<BackofficeDatabase>
{
    [Fact]
    public async Task The_linter_finds_no_way_from_one_tenant_to_another() =>
        Assert.Empty((await TenancyLinter.LintAsync(database.App, database.Baseline, TestContext.Current.CancellationToken)).Findings);
}

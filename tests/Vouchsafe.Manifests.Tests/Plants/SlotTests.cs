using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Logical decoding needs another start of the server, so it has a cluster of its own.</summary>
public sealed class SlotTests
{
    [Fact]
    public async Task A_logical_slot_is_named()
    {
        var stop = TestContext.Current.CancellationToken;
        string folder;
        await using (var before = await TestCluster.StartAsync(stop))
        {
            folder = before.Folder;
            await TestDatabase.RunAsync(before.Superuser(), "alter system set wal_level = logical");
        }

        await using var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder, ThrowAway = true }, stop);
        await using var database = await TestDatabase.MakeAsync(cluster);
        await TestDatabase.RunAsync(database.Superuser, "select pg_create_logical_replication_slot('feed', 'pgoutput')");
        var finding = Assert.Single((await TenancyLinter.LintAsync(database.App, database.Baseline, stop)).Findings);
        Assert.Equal(("server.slot", "feed"), (finding.Rule, finding.Object));
        await TestDatabase.RunAsync(database.Superuser, "select pg_drop_replication_slot('feed')");
        Assert.Empty((await TenancyLinter.LintAsync(database.App, database.Baseline, stop)).Findings);
    }
}

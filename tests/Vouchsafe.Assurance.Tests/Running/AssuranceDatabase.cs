using Vouchsafe.Audit;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>A database with the trail and the assurance schema, and a key folder that its nodes share.</summary>
public sealed class AssuranceDatabase() : TestDatabase(AuditServices.Migrations, new MigrationSource("assurance", 50, typeof(AssuranceModule).Assembly))
{
    public string KeyFolder { get; } = TestCluster.NewFolder();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(KeyFolder)) Directory.Delete(KeyFolder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Edge.Tests.Running;

public sealed class EdgeDatabase() : TestDatabase(new MigrationSource("edge", 20, typeof(EdgeModule).Assembly));

using System.Reflection;
using Vouchsafe.Assurance;
using Vouchsafe.Audit;
using Vouchsafe.Edge;
using Vouchsafe.Identity;
using Vouchsafe.Mail;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Tenants;

namespace Vouchsafe.Manifests.Tests;

/// <summary>Every module with migrations, in their order, and where its files are.</summary>
internal static class Modules
{
    // The hosts come last, each on top of all of ours.
    internal static readonly (string Folder, MigrationSource Source)[] All =
    [
        ("src/Vouchsafe.Postgres", MigrationSource.Core),
        ("src/Vouchsafe.Audit", AuditServices.Migrations),
        ("src/Vouchsafe.Edge", new("edge", 20, typeof(EdgeModule).Assembly)),
        ("src/Vouchsafe.Mail", MailServices.Migrations),
        ("src/Vouchsafe.Identity", new("identity", 30, typeof(IdentityModule).Assembly)),
        ("src/Vouchsafe.Tenants", new("tenants", 40, typeof(TenantsModule).Assembly)),
        ("src/Vouchsafe.Assurance", new("assurance", 50, typeof(AssuranceModule).Assembly)),
        ("samples/Backoffice", new("backoffice", 100, typeof(Backoffice.Orders.OrdersModule).Assembly)),
        ("bench/http", new("bench", 110, Assembly.Load("Vouchsafe.Bench.Http"))),
    ];
}

using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Demo;

/// <summary>Three companies with two years of business each, and the operator of the service. Their passwords are public: this is never for production.</summary>
internal sealed class DemoData(IDatabase database, ITenantFounder founder, IAccounts accounts, SetUp setUp) : ISeed
{
    public const string Password = "try-vouchsafe-today";
    public const string Operator = "operator@backoffice.example";
    private static readonly Actor Seed = Actor.System("demo-data");

    public async Task<IReadOnlyList<string>> SeedAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var demo in DemoTenant.All)
        {
            await SeedAsync(demo, cancellationToken);
            lines.Add($"{demo.Code,-8}  admin  {demo.Administrator,-22}  {Password}");
            lines.Add($"{demo.Code,-8}  user   {demo.Seller,-22}  {Password}");
        }
        await setUp.SeedAsync(Operator, Password, cancellationToken);
        lines.Add($"{"",-8}  staff  {Operator,-22}  {Password}");
        return lines;
    }

    internal async Task SeedAsync(DemoTenant demo, CancellationToken cancellationToken)
    {
        // What is there already may have been changed since, passwords included.
        if (await IsThereAsync(demo.Code, cancellationToken)) return;
        var tenant = await founder.FoundAsync(
            new TenantFounding(demo.Code, demo.LegalName, demo.RegistrationNumber, demo.Address, demo.Country, demo.Administrator, Password), cancellationToken);
        var administrator = await AccountAsync(demo.Administrator, cancellationToken);
        var seller = await AccountAsync(demo.Seller, cancellationToken);
        await using var session = database.Tenant(new TenantScope(tenant, Seed, OwnerReach.All, null));
        await session.BeginAsync(cancellationToken);
        if (await accounts.RoleAsync(tenant, seller.User, cancellationToken) is null)
            await accounts.JoinAsync(session, seller, Roles.User, cancellationToken);
        await DemoWriting.WriteAsync(session, new DemoLedger(demo, [administrator.User, seller.User], session.Now), cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task<bool> IsThereAsync(string code, CancellationToken cancellationToken)
    {
        await using var directory = database.Platform(Seed);
        var tenant = await directory.SingleOrDefaultAsync(
            "select tenant_id from tenants.tenants where code = $1", [code], row => (Guid?)row.GetGuid(0), cancellationToken);
        if (tenant is not { } there) return false;
        await using var session = database.Tenant(new TenantScope(new TenantId(there), Seed, OwnerReach.All, null));
        return await session.SingleOrDefaultAsync(
            "select exists (select from backoffice.customers where tenant_id = $1)", [there], row => row.GetBoolean(0), cancellationToken);
    }

    private async Task<PreparedAccount> AccountAsync(string email, CancellationToken cancellationToken) =>
        await accounts.PrepareAsync(email, Password, canary: false, cancellationToken)
        ?? throw new InvalidOperationException($"The demo account {email} is there under another password.");
}

using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>The only way to a connection.</summary>
public interface IDatabase
{
    /// <summary>A session that sees one tenant. Opens nothing until the first statement.</summary>
    TenantSession Tenant(TenantScope scope);

    /// <summary>A session on platform tables (directory, identity, evidence). It sees no tenant's rows.</summary>
    PlatformSession Platform(Actor actor);
}

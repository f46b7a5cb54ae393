using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Sessions;

/// <summary>A session that lives, with the role that the membership has now.</summary>
internal sealed record LiveSession(Guid Id, TenantId Tenant, Guid User, string Role, bool IsPage);

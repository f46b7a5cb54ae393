using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Tenancy
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("tenancy.row-security", "Every tenant-owned table is under forced row-level security with the one policy, and answers nothing without a tenant."),
        Built("tenancy.data-layer", "With the application's own login and any SQL, one tenant can't read, write, reference or detect another's rows."),
        Built("tenancy.owner", "Within a tenant a user's rows are closed to other users unless they are shared."),
    ];
}

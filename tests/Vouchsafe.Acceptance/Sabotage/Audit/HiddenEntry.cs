using Vouchsafe.Audit.Logs;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>One entry of the canary's becomes invisible to its tenant, so that an export leaves it out.</summary>
internal sealed class HiddenEntry : ISabotage
{
    public string Control => "audit.export";

    public string Name => "leave one entry out of the export";

    public string ExpectedMessageFragment => "does not verify";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (await Superuser.ScalarAsync(context, $"select append_id from audit.entries where tenant_id = '{CanaryLog.Tenant}' order by 1 limit 1", cancellationToken) is not Guid hidden)
            return null;
        await Superuser.ScalarAsync(context,
            $"alter policy vouchsafe_tenant on audit.entries using (tenant_id = vouchsafe.current_tenant() and append_id <> '{hidden}')", cancellationToken);
        return "the policy of audit.entries hides one entry";
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        Superuser.ScalarAsync(context, "alter policy vouchsafe_tenant on audit.entries using (tenant_id = vouchsafe.current_tenant())", cancellationToken);
}

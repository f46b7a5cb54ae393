using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>The application's login gets a right that it must not have.</summary>
internal sealed class WritableEntries : ISabotage
{
    public string Control => "audit.immutable";

    public string Name => "let the application's login update entries";

    public string ExpectedMessageFragment => "The application's login was not refused";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context, "grant update on audit.entries to vouchsafe_app", cancellationToken);
        return await Superuser.ScalarAsync(context, "select has_table_privilege('vouchsafe_app', 'audit.entries', 'update')", cancellationToken) is true
            ? "vouchsafe_app has UPDATE on audit.entries"
            : null;
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        Superuser.ScalarAsync(context, "revoke update on audit.entries from vouchsafe_app", cancellationToken);
}

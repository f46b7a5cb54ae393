using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Sabotage;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>
/// An entry that must not be is appended to the log of a tenant made for it. An entry can't be taken back, so mending takes
/// the whole tenant away as offboarding does: its rows, and its key.
/// </summary>
internal abstract class PlantedEntry(string control, string name, string expected) : ISabotage
{
    public string Control => control;

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var services = context.Nodes[0];
        var tenant = new TenantId(Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow()));
        context.Kept[Name] = tenant;
        await using (var session = services.GetRequiredService<IDatabase>().Tenant(new TenantScope(tenant, Actor.System("sabotage"), OwnerReach.All, null)))
        {
            var writer = services.GetRequiredService<TrailWriter>();
            var draft = writer.Draft(session, new AuditEvent("member.role-changed", new AuditField("role", "admin")));
            var (leaf, payload) = Make(services, draft);
            await writer.OpenAsync(tenant, cancellationToken);
            var (append, _) = writer.Prepare(session, [leaf], [payload]);
            await session.ExecuteBatchAsync([append], cancellationToken);
        }

        for (var round = 0; round < 100; round++)
        {
            await services.GetRequiredService<Sequencer>().RunRoundAsync(cancellationToken);
            if (await Superuser.ScalarAsync(context, $"select size from audit.heads where tenant_id = '{tenant}'", cancellationToken) is 1L)
                return "one entry in a log of its own";
        }

        return null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (!context.Kept.Remove(Name, out var kept) || kept is not TenantId tenant)
            return;
        await using (var system = context.Nodes[0].GetRequiredService<IDatabase>().Tenant(SystemLog.Scope(Actor.System("sabotage"))))
            await system.CloseAsync(tenant, [], cancellationToken);
        foreach (var table in new[] { "entries", "pending", "tails", "bundles", "tiles", "frontiers", "heads", "logs" })
            await Superuser.ScalarAsync(context, $"delete from audit.{table} where tenant_id = '{tenant}'", cancellationToken);
    }

    protected abstract (byte[] Leaf, byte[] Payload) Make(IServiceProvider services, EntryDraft draft);
}

internal sealed class EntryWithoutAddress() : PlantedEntry("audit.attribution", "write an admin action without its address", "doesn't say from which address")
{
    protected override (byte[] Leaf, byte[] Payload) Make(IServiceProvider services, EntryDraft draft)
    {
        var entry = services.GetRequiredService<EntryBuilder>().Build(draft with { Actor = EntryActor.Person("user", draft.Tenant), Address = null });
        return (entry.Leaf, entry.Payload);
    }
}

internal sealed class EntryWithMailAddress() : PlantedEntry("audit.no-identifiers", "write a mail address into an entry in clear", "holds a mail address in clear")
{
    protected override (byte[] Leaf, byte[] Payload) Make(IServiceProvider services, EntryDraft draft)
    {
        var entry = services.GetRequiredService<EntryBuilder>().Build(draft);
        return ([.. entry.Leaf, .. Encoding.UTF8.GetBytes(" maarja.kask@example.ee")], entry.Payload);
    }
}

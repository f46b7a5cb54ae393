using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>Damages the log of a tenant made for it, in a way that can't be taken back: mending takes the whole tenant away, with its key.</summary>
internal abstract class PlantedLog(string name, string expected) : ISabotage
{
    public string Control => "audit.immutable";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    /// <summary>Who acts in the planted tenant.</summary>
    protected static Guid Person { get; } = new("00000000-0000-7000-8000-0000000000cb");

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var services = context.Nodes[0];
        var tenant = new TenantId(Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow()));
        context.Kept[Name] = tenant;
        await using (var session = services.GetRequiredService<IDatabase>().Tenant(new TenantScope(tenant, Actor.User(Person), OwnerReach.All, IPAddress.Parse("192.0.2.203"))))
            await session.RecordManyAsync([.. Enumerable.Range(0, 300).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], cancellationToken);
        for (var round = 0; round < 100; round++)
        {
            await services.GetRequiredService<Sequencer>().RunRoundAsync(cancellationToken);
            if (await Superuser.ScalarAsync(context, $"select size from audit.heads where tenant_id = '{tenant}'", cancellationToken) is 300L)
                return await DamageAsync(context, tenant, cancellationToken);
        }

        return null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (!context.Kept.Remove(Name, out var kept) || kept is not TenantId tenant)
            return;
        await using (var system = context.Nodes[0].GetRequiredService<IDatabase>().Tenant(SystemLog.Scope(Actor.System("sabotage"))))
            await system.CloseAsync(tenant, [], cancellationToken);
        foreach (var table in new[] { "entries", "pending", "tails", "bundles", "tiles", "frontiers", "heads", "rolled_up", "logs" })
            await Superuser.ScalarAsync(context, $"delete from audit.{table} where tenant_id = '{tenant}'", cancellationToken);
    }

    protected abstract Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken);
}

internal sealed class ForgedPruning() : PlantedLog("prune a log by hand, without a record", "records no such pruning")
{
    protected override async Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context, $"delete from audit.tiles where tenant_id = '{tenant}' and level = 0", cancellationToken);
        await Superuser.ScalarAsync(context, $"delete from audit.bundles where tenant_id = '{tenant}'", cancellationToken);
        await Superuser.ScalarAsync(context, $"delete from audit.entries where tenant_id = '{tenant}' and cardinality(leaves) = 256", cancellationToken);
        await Superuser.ScalarAsync(context, $"update audit.heads set pruned_to = 256 where tenant_id = '{tenant}'", cancellationToken);
        return "256 entries are gone as if they had been pruned";
    }
}

internal sealed class BlankedValues() : PlantedLog("blank the values of an old entry", "are missing, and were not erased")
{
    protected override async Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context, $"update audit.entries set sealed[8] = '' where tenant_id = '{tenant}' and cardinality(leaves) = 256", cancellationToken);
        return "one entry has no values";
    }
}

internal sealed class Tombstone() : PlantedLog("destroy a living person's key without an erasure", "records no erasure")
{
    protected override Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        foreach (var node in context.Nodes)
            node.GetRequiredService<KeyRing>().Destroy(KeyName.OfSubject(tenant.Value, Person));
        return Task.FromResult<string?>("a key is gone");
    }
}

/// <summary>The log's first append gets other indexes too. Each of its entries is sound by itself.</summary>
internal sealed class RepeatedAppend() : PlantedLog("number an append twice", "once more")
{
    protected override async Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(
            context,
            $"""
            insert into audit.pending (tenant_id, append_id, hashes)
            select b.tenant_id, encode(overlay(substr(b.entries, 1, 16) placing '\x00'::bytea from 16), 'hex')::uuid, t.hashes
            from audit.bundles b join audit.tiles t on t.tenant_id = b.tenant_id and t.level = 0 and t.tile = b.bundle where b.tenant_id = '{tenant}' and b.bundle = 0
            """,
            cancellationToken);
        for (var round = 0; round < 100; round++)
        {
            await context.Nodes[0].GetRequiredService<Sequencer>().RunRoundAsync(cancellationToken);
            if (await Superuser.ScalarAsync(context, $"select size from audit.heads where tenant_id = '{tenant}'", cancellationToken) is 556L)
                return "256 entries stand in the log twice";
        }

        return null;
    }
}

internal sealed class StrayRow() : PlantedLog("put a row beside a log", "never was in it")
{
    protected override async Task<string?> DamageAsync(SabotageContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(
            context,
            $"insert into audit.entries (tenant_id, append_id, leaves, sealed) select tenant_id, '01900000-0000-7000-8000-000000000000', leaves, sealed from audit.entries where tenant_id = '{tenant}' limit 1",
            cancellationToken);
        return "a row that the log doesn't name";
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>Opens the newest entries and demands of each: who, what, when, and of a person's action the address.</summary>
internal sealed class AttributionCheck(IDatabase database, RecentEntries recent, TrailWatch watch, EntryOpener opener, TrailReader reader) : ICheck
{
    /// <summary>Entries that the message names; the rest it counts.</summary>
    private const int Named = 20;

    public string Control => "audit.attribution";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        if (await FindFaultInOwnAsync(cancellationToken) is { } own)
            return Finding.Broken(own);
        var (read, erased) = (0, 0);
        await foreach (var (head, stored) in recent.ReadAsync(Control, cancellationToken))
        {
            var entry = TrailEntry.Open(stored, new TenantId(head.Tenant), opener);
            if (FindGap(entry is { Event: not null, At: not null }, entry.Actor) is { } gap)
                return Finding.Broken($"Entry {entry.Index} of log {head.LogId:N} {gap}.", new JsonObject { ["log"] = head.LogId.ToString("N"), ["index"] = entry.Index });
            read++;
            erased += entry.State == TrailEntryState.Erased ? 1 : 0;
        }

        if (await watch.FindAsync(Control, cancellationToken) is { Count: > 0 } found)
            return Finding.Broken(DamageText.Join(found, Named));
        return Finding.Held(
            $"Each of the {read} newest entries says who did what, when and from where; {erased} of them as far as a person's erasure left it.",
            new JsonObject { ["entries"] = read, ["erased"] = erased });
    }

    /// <summary>Acts as somebody in the canary's tenant and reads what the entry says of it.</summary>
    private async Task<string?> FindFaultInOwnAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now;
        Guid id;
        await using (var session = database.Tenant(CanaryLog.Scope))
        {
            now = session.Now;
            id = await session.RecordAsync(new AuditEvent("canary.acted"), cancellationToken);
        }

        if (await reader.ProveAsync(CanaryLog.Tenant, id, cancellationToken) is not { Entry: var entry })
            return "An action in the canary's tenant left no entry.";
        return entry.Event == "canary.acted"
            && entry.At is { } at && (at - now).Duration() < TimeSpan.FromMinutes(1)
            && Value(entry, "actor") == $"user:{CanaryLog.Person:D}"
            && Value(entry, "address") == CanaryLog.Address.ToString()
            ? null
            : "The entry of an action in the canary's tenant doesn't say who did it, when and from where.";
    }

    /// <summary>What an entry doesn't say, or null.</summary>
    /// <param name="readable">Whether its leaf reads as one: then it says what and when.</param>
    /// <param name="actor">Who and from where.</param>
    internal static string? FindGap(bool readable, in OpenedGroup actor)
    {
        if (actor.State == Disclosure.Erased)
            return null;
        if (!readable || actor.State != Disclosure.Disclosed)
            return "can't be read";
        return Value(actor, "actor") switch
        {
            null or "" => "doesn't say who acted",
            var who when who.StartsWith("system:", StringComparison.Ordinal) => null,
            _ => IPAddress.TryParse(Value(actor, "address"), out _) ? null : "of a person doesn't say from which address",
        };
    }

    private static string? Value(TrailEntry entry, string name) => Value(entry.Actor, name);

    private static string? Value(in OpenedGroup actor, string name) =>
        actor.Fields.Where(field => field.Name == name).Select(field => field.Value).SingleOrDefault();
}

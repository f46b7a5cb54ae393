using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Records an event that is full of identifiers in the canary's tenant and looks for them in the stored bytes; and looks in the
/// newest entries of everybody, and in all others as <see cref="TrailWatch"/> comes to them, for anything that reads like an identifier.
/// </summary>
internal sealed class IdentifiersCheck(IDatabase database, RecentEntries recent, TrailWatch watch, TrailReader reader) : ICheck
{
    /// <summary>Entries that the message names; the rest it counts.</summary>
    private const int Named = 20;

    public string Control => "audit.no-identifiers";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var planted = Plant();
        Guid id;
        await using (var session = database.Tenant(CanaryLog.Scope))
            id = await session.RecordAsync(new AuditEvent("canary.described", [.. planted.Select(canary => new AuditField(canary.Kind, canary.Value))]), cancellationToken);
        if (await reader.ProveAsync(CanaryLog.Tenant, id, cancellationToken) is not { Entry: var entry })
            return Finding.Broken("An event in the canary's tenant left no entry.");
        if (entry.Fields.Fields.Count != planted.Count)
            return Finding.Broken("The administrator can't read what was recorded about the canary.");

        var read = 0;
        var sought = planted.SelectMany(canary => IdentifierText.Spellings(canary.Value).Select(bytes => (canary.Kind, Bytes: bytes)))
            .Append((Kind: "address", Bytes: IdentifierText.Spellings(CanaryLog.Address.ToString())[0])).ToList();
        await foreach (var (head, stored) in recent.ReadAsync(Control, cancellationToken))
        {
            read++;
            if (stored.Leaf is null || stored.Sealed is null)
                continue; // What is missing, audit.immutable names.
            if (FindIn(stored, head.Tenant == CanaryLog.Tenant.Value ? sought : []) is { } kind)
                return Finding.Broken(
                    $"Entry {stored.Index} of log {head.LogId:N} holds {kind} in clear.", new JsonObject { ["log"] = head.LogId.ToString("N"), ["index"] = stored.Index });
        }

        if (await watch.FindAsync(Control, cancellationToken) is { Count: > 0 } found)
            return Finding.Broken(DamageText.Join(found, Named));
        return Finding.Held($"None of the {read} newest entries holds an identifier in clear; the canary's were recorded, and only its administrator reads them.",
            new JsonObject { ["entries"] = read, ["planted"] = planted.Count });
    }

    private static string? FindIn(StoredEntry entry, List<(string Kind, byte[] Bytes)> sought)
    {
        foreach (var (kind, bytes) in sought)
            if (entry.Leaf.AsSpan().IndexOf(bytes) >= 0 || entry.Sealed.AsSpan().IndexOf(bytes) >= 0)
                return $"the canary's {kind}";
        return IdentifierText.Find(entry.Leaf) ?? IdentifierText.Find(entry.Sealed);
    }

    private static List<(string Kind, string Value)> Plant()
    {
        // New ones each time: an old entry must not answer for the present code.
        var mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        return
        [
            ("name", $"Canary {mark} Lind"),
            ("email", $"canary.{mark}@example.com"),
            ("phone", $"+3725{RandomNumberGenerator.GetInt32(1_000_000, 9_999_999)}"),
            ("network-address", $"198.51.100.{RandomNumberGenerator.GetInt32(1, 255)}"),
        ];
    }
}

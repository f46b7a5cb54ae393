using System.Security.Cryptography;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Contexts for a tenant that nobody sealed, or that are no longer good, made by somebody who has a good one of another tenant.</summary>
internal static class Forgeries
{
    internal static IEnumerable<(string Name, string Context)> Of(AppLogin login, TenantId own, TenantId foreign)
    {
        var mine = login.Context(own, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1));
        var parts = mine.Split('.');
        var text = string.Join('.', parts[..2].Append(foreign.ToString()).Concat(parts[3..6]));
        var mac = parts[6];
        var good = login.Context(foreign, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1));

        yield return ("with the seal of another tenant", $"{text}.{mac}");
        yield return ("with a random seal", $"{text}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}");
        yield return ("with an empty seal", $"{text}.");
        yield return ("without a seal", text);
        yield return ("with a seal under a key that the attacker chose", $"{text}.{Convert.ToHexStringLower(HMACSHA256.HashData((byte[])[], System.Text.Encoding.UTF8.GetBytes(text)))}");
        yield return ("of a key that isn't there", good.Replace($"1.{parts[1]}.", "1.32767.", StringComparison.Ordinal));
        yield return ("of another version", "2" + good[1..]);
        yield return ("with a part too many", good + ".x");
        yield return ("with a seal cut short", good[..^1]);
        yield return ("whose tenant alone was changed", mine.Replace(own.ToString(), foreign.ToString(), StringComparison.Ordinal));
        yield return ("whose time was put off", Later(login.Context(foreign, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(-1))));
        yield return ("that is a bare tenant id", foreign.ToString());
    }

    /// <summary>A genuine context that has run out: a replay.</summary>
    internal static string Expired(AppLogin login, TenantId tenant) => login.Context(tenant, Guid.Empty, OwnerReach.All, TimeSpan.FromSeconds(-1));

    private static string Later(string context)
    {
        var parts = context.Split('.');
        parts[5] = "99999999999";
        return string.Join('.', parts);
    }
}

using System.Security.Cryptography;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Contexts for a tenant that nobody sealed, or that are no longer good, made by somebody who has a good one of another tenant.</summary>
internal static class Forgeries
{
    private const int SealSize = HMACSHA256.HashSizeInBytes;

    internal static IEnumerable<(string Name, string Context)> Of(AppLogin login, TenantId own, TenantId foreign)
    {
        var mine = Convert.FromHexString(login.Context(own, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1)));
        var good = Convert.FromHexString(login.Context(foreign, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1)));
        var late = Convert.FromHexString(login.Context(foreign, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(-1)));
        var (message, seal) = (good[..^SealSize], good[^SealSize..]);
        static string Text(params byte[][] parts) => Convert.ToHexStringLower([.. parts.SelectMany(part => part)]);

        yield return ("with the seal of another tenant", Text(message, mine[^SealSize..]));
        yield return ("with a random seal", Text(message, RandomNumberGenerator.GetBytes(SealSize)));
        yield return ("without a seal", Text(message));
        yield return ("with a seal under a key that the attacker chose", Text(message, HMACSHA256.HashData((byte[])[], message)));
        yield return ("with a hash for a seal", Text(message, SHA256.HashData(message)));
        yield return ("with a part too many", Text(good, [0]));
        yield return ("with a seal cut short", Text(message, seal[..^1]));
        yield return ("whose seal begins a byte early", Text(message[..^1], seal));
        yield return ("whose tenant alone was changed", Text(mine[..8], good[8..24], mine[24..]));
        yield return ("whose time was put off", Text([0x7f, .. late[1..]]));
        yield return ("made for another connection", login.ContextElsewhere(foreign, TimeSpan.FromMinutes(1)));
        yield return ("that is read-only, in a transaction that may write", login.Context(foreign, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1), readOnly: true));
        yield return ("of the form of an earlier version", $"1.1.{foreign}.{Guid.Empty}.all.99999999999.{Convert.ToHexStringLower(seal)}");
        yield return ("that is a bare tenant id", foreign.ToString());
    }

    /// <summary>A genuine context that has run out: a replay.</summary>
    internal static string Expired(AppLogin login, TenantId tenant) => login.Context(tenant, Guid.Empty, OwnerReach.All, TimeSpan.FromSeconds(-1));
}

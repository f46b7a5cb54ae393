using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Attempts;

/// <summary>
/// Counts attempts for all nodes in one row a key, by the generic cell rate algorithm. An attempt is counted before anything is done
/// for it, in one statement: of many at once no more get through than one after the other.
/// </summary>
internal sealed class AttemptStore(IDatabase database, KeyRing keys, Posture posture, TimeProvider time)
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly SecretKey key = keys.Derive("identity/attempts");
    private readonly int ipv6Prefix = checked((int)posture.Figures("limits.sign-in").Integer("ipv6-prefix"));

    /// <summary>A key for a budget; keyed, so that the table tells neither addresses nor networks.</summary>
    public byte[] Key(AttemptBudget budget, params ReadOnlySpan<byte[]> of)
    {
        var text = new List<byte>(Encoding.ASCII.GetBytes(budget.Name)) { 0 };
        foreach (var part in of)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            text.AddRange(length);
            text.AddRange(part);
        }
        return key.Authenticate([.. text]).ToArray();
    }

    /// <summary>The client's network: an IPv4 address, or as much of an IPv6 address as makes one client (AF-16's prefix).</summary>
    public byte[] Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            for (var bit = ipv6Prefix; bit < 128; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return bytes;
    }

    /// <summary>Spends one attempt.</summary>
    /// <returns>Null where it may be made; else how long until one may.</returns>
    public async Task<TimeSpan?> SpendAsync(AttemptBudget budget, byte[] of, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var session = database.Platform(Identity);
        // The row is locked by the insert whether or not it changes; of two at once the second sees what the first spent.
        var spent = await session.ExecuteAsync(
            """
            insert into identity.attempts as a (key, spent_until) values ($1, $2::timestamptz + $3)
            on conflict (key) do update set spent_until = greatest(a.spent_until, $2) + $3
            where greatest(a.spent_until, $2) + $3 <= $2::timestamptz + $4
            """,
            [of, now, budget.Every, budget.Every * budget.Burst], cancellationToken);
        if (spent == 1) return null;
        var until = await session.SingleOrDefaultAsync("select spent_until from identity.attempts where key = $1", [of], row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        var wait = until + budget.Every - (now + (budget.Every * budget.Burst));
        return wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
    }

    /// <summary>Gives back one attempt, which was no failure.</summary>
    public async Task GiveBackAsync(AttemptBudget budget, byte[] of, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("update identity.attempts set spent_until = spent_until - $2 where key = $1", [of, budget.Every], cancellationToken);
    }

    /// <summary>Gives back all that was spent.</summary>
    public async Task ClearAsync(byte[] of, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("delete from identity.attempts where key = $1", [of], cancellationToken);
    }

    /// <summary>Whether anything is spent that isn't paid back yet.</summary>
    public async Task<bool> IsSpentAsync(byte[] of, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync("select exists (select from identity.attempts where key = $1 and spent_until > $2)",
            [of, time.GetUtcNow()], row => row.GetBoolean(0), cancellationToken);
    }

    /// <summary>Forgets what is paid back: an absent row says the same.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("delete from identity.attempts where spent_until < $1", [time.GetUtcNow()], cancellationToken);
    }
}

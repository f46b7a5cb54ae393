using System.Globalization;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Identity.Tokens;

/// <summary>
/// Keys of 256 bits by which access tokens are signed, one for each period of thirty days. Key ids count the periods, so that
/// nodes rotate together without talking; the key before and after the present one still verify, so that no token dies of a rotation.
/// </summary>
internal sealed class SigningKeys(KeyRing keys, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private readonly SecretKey root = keys.Derive("jwt");

    public string Current => PeriodOf(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);

    /// <summary>The key of an id, or null where the id names none that is in force.</summary>
    public byte[]? Find(string id) => InForce(id) ? root.Derive("jwt/" + id).Bytes.ToArray() : null;

    /// <summary>Whether tokens signed by the key of this id verify now.</summary>
    public bool InForce(string id)
    {
        var now = PeriodOf(time.GetUtcNow());
        return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var period)
            && period >= now - 1 && period <= now + 1
            && id == period.ToString(CultureInfo.InvariantCulture);
    }

    private static long PeriodOf(DateTimeOffset moment) => moment.UtcTicks / Period.Ticks;
}

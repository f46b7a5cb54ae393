using System.Security.Cryptography;

namespace Vouchsafe.Transparency.Entries;

/// <summary>
/// A log's identity: 16 random bytes that stand in each of its entries, so that none can be moved to another log, and that end
/// its origin. They tell nothing about the tenant; which tenant's log it is, the database knows.
/// </summary>
/// <param name="Value">The id; its 16 bytes are those of its written form.</param>
public readonly record struct LogId(Guid Value)
{
    public const int Size = 16;

    public static LogId New() => new(new Guid(RandomNumberGenerator.GetBytes(Size), bigEndian: true));

    /// <summary>The checkpoint's origin: <c>prefix/〈32 hex digits〉</c>.</summary>
    /// <param name="prefix">The operator's name for its logs, a domain for instance: <c>trust.example.com/log</c>.</param>
    public string Origin(string prefix) => $"{prefix}/{Value:N}";

    /// <summary>The log whose origin this is; null where the origin doesn't end in an id.</summary>
    public static LogId? OfOrigin(string origin)
    {
        var slash = origin.LastIndexOf('/');
        return slash > 0 && origin.Length - slash == 33 && !origin.AsSpan(slash).ContainsAnyInRange('A', 'F')
            && Guid.TryParseExact(origin[(slash + 1)..], "N", out var id)
            ? new LogId(id)
            : null;
    }

    public override string ToString() => Value.ToString("N");
}

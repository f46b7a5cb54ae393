using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Testing.Exports;

/// <summary>An entry built by the letter of docs/formats/audit-entry.md, without the code that builds entries, and fast enough for a million.</summary>
public sealed record SampleEntry(byte[] Leaf, OpenedEntry Opened)
{
    private const long Beginning = 1_790_000_000_000_000;

    private static readonly ConcurrentDictionary<(long Before, int Person), (string Name, string Value)[]> Evidence = [];

    public Digest Hash => TreeHash.Leaf(Leaf);

    /// <summary>The nth entry of a log: the same whenever it is made with the same seed.</summary>
    public static SampleEntry Event(LogId log, long n, int person, byte seed = 0)
    {
        DisclosedField[] actor = [Field("actor", $"user:00000000-0000-7000-8000-{person:d12}", n, 1, seed), Field("address", "203.0.113.7", n, 2, seed)];
        DisclosedField[] fields = [Field("number", "A-" + n.ToString(CultureInfo.InvariantCulture), n, 3, seed), Field("note", n % 5 == 0 ? "õ \"€\" \\ \u0001 😀" : "shipped", n, 4, seed)];
        return Make(log, 0, n, PersonTag(person), PersonTag(person), "order.created", actor, fields);
    }

    /// <summary>The record that a person was erased.</summary>
    public static SampleEntry Erasure(LogId log, long n, int person) =>
        Make(log, 1, n, PersonTag(0), PersonTag(person), "subject.erased", [Field("actor", "user:admin", n, 1, 0)], []);

    /// <summary>The record that the first entries were pruned, which were all of one person.</summary>
    /// <param name="days">How old the last of them was.</param>
    /// <param name="without">A field that is left out.</param>
    public static SampleEntry Prune(LogId log, long n, long before, int person = 1, int days = 200, string without = "")
    {
        var subject = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(subject.AsSpan(8), before);
        DisclosedField[] shown =
            [.. Evidence.GetOrAdd((before, person), key => EvidenceOf(key.Before, key.Person)).Where(field => field.Name != without).Select((field, at) => Field(field.Name, field.Value, n, 10 + at, 0))];
        // Its time is that of an entry so many days later.
        return Make(log, 2, before - 1, PersonTag(0), subject, "log.pruned", [Field("actor", "system:retention", n, 1, 0)], shown, days * 86_400_000_000);
    }

    /// <summary>As an export has it once the person's key is gone.</summary>
    public SampleEntry Erased() => this with { Opened = new OpenedEntry(OpenedGroup.Erased, OpenedGroup.Erased) };

    private static SampleEntry Make(LogId log, byte kind, long n, byte[] actorTag, byte[] subjectTag, string name, DisclosedField[] actor, DisclosedField[] fields, long later = 0)
    {
        var leaf = new byte[123 + name.Length];
        leaf[0] = 1;
        leaf[1] = kind;
        log.Value.TryWriteBytes(leaf.AsSpan(2), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(leaf.AsSpan(18), Beginning + (n * 1_234_567) + later);
        actorTag.CopyTo(leaf, 26);
        subjectTag.CopyTo(leaf, 42);
        DisclosedFields.Root(actor)!.Value.Bytes.CopyTo(leaf.AsSpan(58));
        DisclosedFields.Root(fields)!.Value.Bytes.CopyTo(leaf.AsSpan(90));
        leaf[122] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, leaf.AsSpan(123));
        return new(leaf, new OpenedEntry(new(Disclosure.Disclosed, actor), new(Disclosure.Disclosed, fields)));
    }

    /// <summary>What shows how old the first entries were, when they are gone (docs/formats/audit-entry.md).</summary>
    private static (string Name, string Value)[] EvidenceOf(long before, int person)
    {
        var log = new SampleLog(before, (id, n) => Event(id, n, person));
        var proofs = new ProofBuilder(log, before);
        // A log in memory answers at once.
        var (frozen, path) = (proofs.FrozenAsync(before, default).Result, proofs.InclusionAsync(before - 1, default).Result);
        return
        [
            ("last", Convert.ToBase64String(Event(SampleLog.Id, before - 1, person).Leaf)),
            ("path", Convert.ToBase64String([.. path.SelectMany(hash => hash.Bytes.ToArray())])),
            ("frozen", Convert.ToHexStringLower(SHA256.HashData([.. frozen.SelectMany(hash => hash.Bytes.ToArray())]))),
        ];
    }

    private static DisclosedField Field(string name, string value, long n, int place, byte seed)
    {
        var salt = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(salt, n);
        salt[8] = (byte)place;
        salt[9] = seed;
        return new(name, value, salt);
    }

    private static byte[] PersonTag(int person) => SHA256.HashData(BitConverter.GetBytes(person))[..16];
}

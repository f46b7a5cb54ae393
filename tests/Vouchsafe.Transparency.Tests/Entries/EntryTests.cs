using System.Security.Cryptography;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Tests.Trees;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Entries;

public sealed class EntryTests
{
    private static readonly Guid Tenant = Guid.Parse("0198c0de-0000-7000-8000-00000000aa01");
    private static readonly Guid Mari = Guid.Parse("0198c0de-0000-7000-8000-00000000bb02");
    private static readonly Guid Jaan = Guid.Parse("0198c0de-0000-7000-8000-00000000bb03");
    private static readonly LogId Log = LogId.New();
    private static readonly DateTimeOffset When = new(2026, 11, 20, 22, 20, 41, TimeSpan.Zero);

    private readonly KeyRing keys = new(new MemoryKeyStore(), TimeProvider.System);

    [Fact]
    public void What_was_recorded_is_read_back_and_the_leaf_tells_none_of_it()
    {
        var entry = new EntryBuilder(keys).Build(Draft());
        Assert.True(Leaf.TryParse(entry.Leaf, out var leaf));
        Assert.Equal(LeafKind.Event, leaf.Kind);
        Assert.Equal(Log, leaf.Log);
        Assert.Equal(When, leaf.Time);
        Assert.Equal("order.created", leaf.EventName);
        Assert.Equal(leaf.ActorTag, leaf.SubjectTag);
        Assert.Equal(TreeHash.Leaf(entry.Leaf), entry.LeafHash);
        Assert.False(Contains(entry.Leaf, "A-17"u8));
        Assert.False(Contains(entry.Payload, "A-17"u8));
        Assert.False(Contains(entry.Payload, Mari.ToByteArray(bigEndian: true)));
        var opened = new EntryOpener(keys).Open(Tenant, entry.Leaf, entry.Payload);
        Assert.Equal([("actor", $"user:{Mari}"), ("address", "203.0.113.7")], opened.Actor.Fields.Select(field => (field.Name, field.Value)));
        Assert.Equal([("number", "A-17"), ("note", "õ € 😀")], opened.Fields.Fields.Select(field => (field.Name, field.Value)));
        Assert.All(opened.Fields.Fields, field => Assert.Equal(Commitment.SaltSize, field.Salt.Length));
    }

    [Fact]
    public void The_same_event_twice_has_nothing_in_common_but_its_tags()
    {
        var builder = new EntryBuilder(keys);
        var (one, two) = (builder.Build(Draft()), builder.Build(Draft()));
        Assert.NotEqual(one.LeafHash, two.LeafHash);
        Assert.True(Leaf.TryParse(one.Leaf, out var a) && Leaf.TryParse(two.Leaf, out var b) && a.ActorTag == b.ActorTag && a.FieldRoot != b.FieldRoot);
    }

    [Fact]
    public void Erasing_the_subject_leaves_the_actor_and_the_other_way_round()
    {
        var builder = new EntryBuilder(keys);
        var entry = builder.Build(Draft() with { Subject = Jaan });
        var tag = builder.TagOf(Tenant, Jaan);
        Assert.True(Leaf.TryParse(entry.Leaf, out var leaf));
        Assert.Equal(tag, leaf.SubjectTag);
        Assert.NotEqual(tag, leaf.ActorTag);
        var erasure = builder.BuildErasure(Draft(), tag);
        Assert.True(Leaf.TryParse(erasure.Leaf, out var record));
        Assert.Equal((LeafKind.Erasure, tag, "subject.erased"), (record.Kind, record.SubjectTag, record.EventName));
        keys.Destroy(KeyName.OfSubject(Tenant, Jaan));
        var opener = new EntryOpener(keys);
        var opened = opener.Open(Tenant, entry.Leaf, entry.Payload);
        Assert.Equal((Disclosure.Disclosed, Disclosure.Erased), (opened.Actor.State, opened.Fields.State));
        Assert.Equal(Disclosure.Disclosed, opener.Open(Tenant, erasure.Leaf, erasure.Payload).Fields.State);
        Assert.Throws<KeyDestroyedException>(() => builder.Build(Draft() with { Subject = Jaan }));
        Assert.Throws<KeyDestroyedException>(() => builder.TagOf(Tenant, Jaan));
        keys.Destroy(KeyName.OfSubject(Tenant, Mari));
        opened = opener.Open(Tenant, entry.Leaf, entry.Payload);
        Assert.Equal((Disclosure.Erased, Disclosure.Erased), (opened.Actor.State, opened.Fields.State));
    }

    [Fact]
    public void The_system_s_own_entries_lie_under_the_tenant_s_key()
    {
        var entry = new EntryBuilder(keys).Build(Draft() with { Actor = EntryActor.System("retention"), Address = null });
        var opened = new EntryOpener(keys).Open(Tenant, entry.Leaf, entry.Payload);
        Assert.Equal("system:retention", Assert.Single(opened.Actor.Fields).Value);
        keys.Destroy(KeyName.OfTenant(Tenant));
        Assert.Equal(Disclosure.Erased, new EntryOpener(keys).Open(Tenant, entry.Leaf, entry.Payload).Fields.State);
    }

    [Fact]
    public void A_prune_record_names_how_many_and_their_roots()
    {
        var builder = new EntryBuilder(keys);
        var entry = builder.BuildPrune(Draft() with { Fields = [] }, 768, NaiveTree.Leaves(2));
        Assert.True(Leaf.TryParse(entry.Leaf, out var leaf));
        Assert.Equal((LeafKind.Prune, 768, "log.pruned"), (leaf.Kind, leaf.PrunedBefore, leaf.EventName));
        Assert.Equal("frozen", Assert.Single(new EntryOpener(keys).Open(Tenant, entry.Leaf, entry.Payload).Fields.Fields).Name);
        Assert.Throws<EntryException>(() => builder.BuildPrune(Draft(), 100, NaiveTree.Leaves(1)));
        Assert.Throws<EntryException>(() => builder.BuildPrune(Draft(), 768, NaiveTree.Leaves(3)));
    }

    [Fact]
    public void Any_turned_bit_makes_it_unreadable_or_erased_never_wrong()
    {
        foreach (var draft in new[] { Draft(), Draft() with { Subject = Jaan } })
        {
            var entry = new EntryBuilder(keys).Build(draft);
            var opener = new EntryOpener(keys);
            for (var bit = 0; bit < entry.Payload.Length * 8; bit++)
            {
                entry.Payload[bit / 8] ^= (byte)(1 << (bit % 8));
                var opened = opener.Open(Tenant, entry.Leaf, entry.Payload);
                Assert.True(opened.Actor.State == Disclosure.Unreadable || opened.Fields.State == Disclosure.Unreadable || (bit / 8 is >= 18 and < 34 && draft.Subject is null));
                entry.Payload[bit / 8] ^= (byte)(1 << (bit % 8));
            }
            for (var bit = 0; bit < entry.Leaf.Length * 8; bit++)
            {
                entry.Leaf[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Equal(Disclosure.Unreadable, opener.Open(Tenant, entry.Leaf, entry.Payload).Fields.State);
                entry.Leaf[bit / 8] ^= (byte)(1 << (bit % 8));
            }
            Assert.Equal(Disclosure.Unreadable, opener.Open(Jaan, entry.Leaf, entry.Payload).Fields.State);
        }
    }

    [Fact]
    public void Random_bytes_are_no_leaf_and_no_payload()
    {
        keys.TenantKey(Tenant);
        for (var round = 0; round < 1000; round++)
        {
            var bytes = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(250));
            if (bytes.Length > 2 && round % 2 == 0)
                (bytes[0], bytes[1]) = (1, (byte)(round % 3));
            var leaf = Leaf.TryParse(bytes, out _);
            Assert.False(leaf && bytes.Length < Leaf.EventAt);
            Assert.Equal(Disclosure.Unreadable, new EntryOpener(keys).Open(Tenant, bytes, bytes).Fields.State);
        }
    }

    [Fact]
    public void What_no_entry_may_hold_is_refused()
    {
        var builder = new EntryBuilder(keys);
        foreach (var draft in new[]
        {
            Draft() with { Event = "" },
            Draft() with { Event = "Order created" },
            Draft() with { Event = new string('a', 65) },
            Draft() with { Time = DateTimeOffset.UnixEpoch.AddTicks(-1) - TimeSpan.FromDays(1) },
            Draft() with { Fields = [new("na me", "x")] },
            Draft() with { Fields = [new("", "x")] },
            Draft() with { Fields = [new("name", new string('x', Commitment.LongestValue + 1))] },
            Draft() with { Fields = [new("name", new string('€', Commitment.LongestValue - 1))] },
            Draft() with { Fields = [.. Enumerable.Range(0, 65).Select(i => new EntryField("f", "x"))] },
            Draft() with { Actor = EntryActor.System(new string('s', 200)) },
        })
            Assert.Throws<EntryException>(() => builder.Build(draft));
        Assert.NotNull(builder.Build(Draft() with { Fields = [.. Enumerable.Range(0, 64).Select(i => new EntryField("f", new string('x', 400)))] }));
    }

    [Fact]
    public void A_log_s_origin_ends_in_its_id_and_nothing_else_is_one()
    {
        var origin = Log.Origin("trust.example/log");
        Assert.Equal(Log, LogId.OfOrigin(origin));
        Assert.Null(LogId.OfOrigin(origin.ToUpperInvariant()));
        Assert.Null(LogId.OfOrigin(origin[..^1]));
        Assert.Null(LogId.OfOrigin("trust.example"));
    }

    private static EntryDraft Draft() => new(
        Log, Tenant, When, "order.created", EntryActor.Person("user", Mari), "203.0.113.7", [new("number", "A-17"), new("note", "õ € 😀")]);

    private static bool Contains(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) >= 0;
}

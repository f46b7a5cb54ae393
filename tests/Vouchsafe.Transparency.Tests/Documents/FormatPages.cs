using System.Buffers;
using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Documents;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Documents;

/// <summary>The worked examples, read out of the documents, are what the code makes and accepts.</summary>
public sealed class FormatPages
{
    private static readonly WorkedExample Entry = WorkedExample.Of("docs/formats/audit-entry.md");
    private static readonly WorkedExample Note = WorkedExample.Of("docs/formats/checkpoint.md");
    private static readonly WorkedExample Export = WorkedExample.Of("docs/formats/audit-export.md");
    private static readonly WorkedExample Tiles = WorkedExample.Of("docs/formats/tiles.md");
    private static readonly WorkedExample Handover = WorkedExample.Of("docs/formats/key-handover.md");
    private static readonly WorkedExample RollUp = WorkedExample.Of("docs/formats/roll-up.md");

    [Fact]
    public void The_entry_s_commitments_and_leaf_are_those_of_its_values()
    {
        var actor = Fields("actor", "address");
        var fields = Fields("number", "note");
        Assert.Equal(Entry.Hex("actor-root"), DisclosedFields.Root(actor)!.Value.ToArray());
        Assert.Equal(Entry.Hex("field-root"), DisclosedFields.Root(fields)!.Value.ToArray());
        foreach (var field in actor.Concat(fields))
            Assert.Equal(Entry.Hex(field.Name + "-commit"), Commitment.Of(field.Salt.Span, [(byte)field.Name.Length, .. Encoding.UTF8.GetBytes(field.Name + field.Value)]).ToArray());

        Assert.True(Leaf.TryParse(Entry.Hex("leaf"), out var leaf));
        Assert.Equal((LeafKind.Event, Entry["log"], Entry["event"]), (leaf.Kind, leaf.Log.ToString(), leaf.EventName));
        Assert.Equal(Entry["time"], leaf.UnixMicroseconds.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((Entry["actor-tag"], Entry["subject-tag"]), (leaf.ActorTag.ToString(), leaf.SubjectTag.ToString()));
        Assert.Equal((Entry["actor-root"], Entry["field-root"]), (leaf.ActorRoot.ToString(), leaf.FieldRoot.ToString()));
        Assert.Equal(Entry["leaf-hash"], TreeHash.Leaf(Entry.Hex("leaf")).ToString());
    }

    [Fact]
    public void The_tag_is_the_person_s()
    {
        var key = new SecretKey(Entry.Hex("person-key"));
        Assert.Equal(Entry.Hex("tag-key"), key.Derive("audit-tag").Bytes.ToArray());
        var tag = PersonKeys.TagOf(key, new Guid(Entry.Hex("tenant"), bigEndian: true), new Guid(Entry.Hex("person"), bigEndian: true), default);
        Assert.Equal(Entry["tag"], tag.ToString());
    }

    [Fact]
    public void The_checkpoints_are_signed_by_the_key_and_continue_each_other()
    {
        var signer = new NoteSigner(Note["origin"], new Ed25519SigningKey(Note.Hex("seed")));
        Assert.Equal((Note["vkey"], Note["key-id"]), (signer.Verifier.ToString(), signer.Verifier.KeyId.ToString("x8", CultureInfo.InvariantCulture)));
        Assert.Equal(Note.Hex("public-key"), signer.Verifier.PublicKey.ToArray());
        var leaves = Enumerable.Range(0, 3).Select(n => Digest.From(Note.Hex($"leaf-hash-{n}"))).ToArray();
        Assert.Equal(Entry.Hex("leaf-hash"), leaves[0].ToArray());

        var notes = Note.Blocks("checkpoint").Select(text => SignedNote.Parse(text + "\n")).ToList();
        var heads = notes.ConvertAll(note => Checkpoint.Open(note, NoteVerifier.Parse(Note["vkey"])).Head);
        Assert.Equal([3, 2], heads.Select(head => head.Size));
        Assert.Equal(Note.Hex("root"), heads[0].Root.ToArray());
        for (var i = 0; i < heads.Count; i++)
        {
            Assert.Equal(TreeEdge.Empty.Append(leaves.AsSpan(0, (int)heads[i].Size)).Edge.Head, heads[i]);
            Assert.Equal(notes[i].ToString(), new Checkpoint(Note["origin"], heads[i]).Sign(signer).ToString());
        }
        Assert.True(Proof.VerifyConsistency(heads[1], heads[0], [leaves[2]]));
    }

    [Fact]
    public void Tiles_and_bundles_are_those_of_the_entries()
    {
        Assert.Equal(Tiles.Hex("tile"), Enumerable.Range(0, 3).SelectMany(n => Note.Hex($"leaf-hash-{n}")));
        var bundle = new ArrayBufferWriter<byte>();
        Assert.True(EntryBundle.TryAppend(bundle, Entry.Hex("leaf")));
        Assert.Equal(Tiles.Hex("bundle"), bundle.WrittenMemory.ToArray());
        Assert.False(EntryBundle.TryAppend(bundle, new byte[EntryBundle.LongestLeaf + 1]));
        Assert.False(EntryBundle.TryAppend(bundle, []));
        Assert.Equal(["tile/0/005", "tile/0/x001/000", "tile/0/x001/x234/067", "tile/0/000.p/3"], new[] { (5L, 256), (1000L, 256), (1234067L, 256), (0L, 3) }
            .Select(tile => new TileAddress(0, tile.Item1, tile.Item2).ToString()));
    }

    [Fact]
    public async Task The_export_verifies_as_it_stands()
    {
        var earlier = SignedNote.Parse(Note.Blocks("checkpoint")[1] + "\n");
        var trust = new ExportTrust { Key = NoteVerifier.Parse(Note["vkey"]), Previous = [earlier] };
        var report = await ExportVerifier.VerifyAsync(new MemoryStream(Bytes()), trust, TestContext.Current.CancellationToken);
        Assert.Equal((ExportVerdict.LawfullyErased, Continuity.Continues, 3, 1), (report.Verdict, report.Previous, report.Entries, report.Erased));
        Assert.Equal(Note["root"], report.Head.Root.ToString());
    }

    [Fact]
    public void The_export_is_what_is_written()
    {
        var lines = Export.Blocks("export")[0].Split('\n');
        string Header(string name) => System.Text.Json.Nodes.JsonNode.Parse("{" + lines.First(line => line.StartsWith($"\"{name}\":", StringComparison.Ordinal)).TrimEnd(',') + "}")![name]!.ToString();
        var hashes = Convert.FromHexString(string.Concat(Enumerable.Range(0, 3).Select(n => Note[$"leaf-hash-{n}"])));
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExportWriter(output);
        writer.Begin(new ExportHeader(Note["vkey"], Header("checkpoint")) { Edge = [hashes] });
        writer.BeginTile(0, hashes);
        writer.Add(Entry.Hex("leaf"), new OpenedEntry(new(Disclosure.Disclosed, Fields("actor", "address")), new(Disclosure.Disclosed, Fields("number", "note"))));
        var written = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal(string.Join('\n', lines[..(lines.Length - 3)]), written + ",");
        Assert.Equal(Note.Blocks("checkpoint")[0] + "\n", Header("checkpoint"));
        Assert.Contains(Convert.ToBase64String(Entry.Hex("leaf")), written, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_JSON_reader_reads_the_export()
    {
        using var document = System.Text.Json.JsonDocument.Parse(Bytes());
        Assert.Equal(4, document.RootElement.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public void The_roll_up_log_s_leaves_commit_to_the_checkpoints()
    {
        var rolled = Note.Blocks("checkpoint").Select(text => SignedNote.Parse(text + "\n").Text).Reverse().ToArray();
        for (var n = 0; n < rolled.Length; n++)
        {
            Assert.Equal(RollUp.Hex($"leaf-{n}"), RollUpLeaf.Build(RollUp.Hex($"salt-{n}"), rolled[n]));
            Assert.Equal(RollUp[$"leaf-hash-{n}"], TreeHash.Leaf(RollUp.Hex($"leaf-{n}")).ToString());
        }
    }

    [Fact]
    public void The_witness_answers_the_request_as_it_stands()
    {
        var log = new NoteSigner(RollUp["origin"], new Ed25519SigningKey(RollUp.Hex("seed")));
        Assert.Equal(RollUp["vkey"], log.Verifier.ToString());
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(long.Parse(RollUp["time"], CultureInfo.InvariantCulture)));
        var signer = NoteSigner.Witness(RollUp["witness-vkey"].Split('+')[0], new Ed25519SigningKey(RollUp.Hex("witness-seed")), time);
        Assert.Equal(RollUp["witness-vkey"], signer.Verifier.ToString());

        var first = new TreeHead(1, Digest.From(RollUp.Hex("leaf-hash-0")));
        var second = new TreeHead(2, Digest.From(RollUp.Hex("root")));
        var request = new AddCheckpoint(1, [Digest.From(RollUp.Hex("leaf-hash-1"))], new Checkpoint(RollUp["origin"], second).Sign(log)).ToString();
        Assert.Equal(RollUp.Blocks("request")[0] + "\n", request);
        var answer = new Witness([log.Verifier], new Cosigned(new Checkpoint(RollUp["origin"], first).Sign(log)), signer).Add(Encoding.UTF8.GetBytes(request));
        Assert.Equal((200, RollUp.Blocks("cosignature")[0] + "\n"), (answer.Status, answer.Body));
    }

    [Fact]
    public void The_hand_over_is_what_both_keys_sign()
    {
        var (old, next) = (new NoteSigner(Handover["origin"], new Ed25519SigningKey(Handover.Hex("seed"))), new NoteSigner(Handover["origin"], new Ed25519SigningKey(Handover.Hex("new-seed"))));
        Assert.Equal((Note["vkey"], Handover["new-vkey"]), (old.Verifier.ToString(), next.Verifier.ToString()));
        var handover = new KeyHandover(old.Verifier, next.Verifier, Seconds("from"), Seconds("until"));
        var text = Handover.Blocks("handover")[0] + "\n";
        Assert.Equal(text, handover.Sign(old, next).ToString());
        Assert.Equal(handover.ToText(), KeyHandover.Open(SignedNote.Parse(text)).ToText());

        static DateTimeOffset Seconds(string name) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Handover[name], CultureInfo.InvariantCulture));
    }

    private sealed class Cosigned(SignedNote note) : IWitnessedHeads
    {
        public SignedNote? Find(string origin) => note;

        public SignedNote? FindByHash(string originHash) => note;

        public void Keep(string origin, SignedNote cosigned)
        {
        }
    }

    private static byte[] Bytes() => Encoding.UTF8.GetBytes(Export.Blocks("export")[0] + "\n");

    private static DisclosedField[] Fields(params string[] names) =>
        [.. names.Select(name => new DisclosedField(name, Entry[name], Entry.Hex(name + "-salt")))];
}

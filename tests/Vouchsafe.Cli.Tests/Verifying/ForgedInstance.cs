using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary>An operator with real keys and a real log, who writes into it and states what it likes.</summary>
internal sealed class ForgedInstance : IDisposable
{
    private readonly string folder = TestCluster.NewFolder();
    private readonly Guid tenant = new Guid(RandomNumberGenerator.GetBytes(16));
    private readonly LogId id = LogId.New();
    private readonly KeyRing keys;
    private readonly NoteSigner log;
    private readonly List<(PreparedEntry Entry, OpenedEntry Opened)> entries = [];
    private readonly NoteSigner rollUp;
    private readonly List<SignedNote> handovers = [];
    private readonly List<Ed25519SigningKey> former = [];
    private Ed25519SigningKey statementKey = new(RandomNumberGenerator.GetBytes(32));
    private readonly TimeProvider time;

    public ForgedInstance(TimeProvider time)
    {
        this.time = time;
        keys = new KeyRing(new FolderKeyStore(folder), time);
        rollUp = new NoteSigner("lies.example/roll-up", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
        log = new NoteSigner(id.Origin("lies.example/log"), new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
    }

    public string Key => Convert.ToBase64String(statementKey.PublicKey.Span);

    public NoteSigner RollUpSigner => rollUp;

    public NoteVerifier RollUpKey => rollUp.Verifier;

    /// <summary>Records a result that is tied to the one before it.</summary>
    /// <param name="at">When; null: now.</param>
    public ForgedInstance Record(string control, string verdict, string posture, DateTimeOffset? at = null, string? validUntil = null, string name = EvidenceDocument.CheckRan)
    {
        var moment = at ?? time.GetUtcNow();
        return Append(moment, name,
            ("control", control), ("posture", posture), ("verdict", verdict), ("message", verdict == "verified" ? "Seen." : "Broken."),
            ("checked-at", TrustStatement.Time(moment)), ("valid-until", validUntil ?? TrustStatement.Time(moment + TimeSpan.FromMinutes(5))),
            ("sequence", (entries.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("previous", entries.Count == 0 ? "" : entries[^1].Entry.LeafHash.ToString()));
    }

    public ForgedInstance Append(DateTimeOffset at, string name, params (string Name, string Value)[] fields)
    {
        var entry = new EntryBuilder(keys).Build(new EntryDraft(id, tenant, at, name, EntryActor.System("assurance"), null, [.. fields.Select(field => new EntryField(field.Name, field.Value))]));
        entries.Add((entry, new EntryOpener(keys).Open(tenant, entry.Leaf, entry.Payload)));
        return this;
    }

    /// <summary>What a roll-up log of this operator says of the log's head: signed by its own key, cosigned by whoever is given.</summary>
    /// <param name="size">Of how many entries the head is that was rolled up; null: of all.</param>
    public async Task<JsonObject> RollUpAsync(int? size, params NoteSigner[] witnesses)
    {
        var tiles = new OneTile([.. entries.SelectMany(entry => entry.Entry.LeafHash.ToArray())]);
        var head = new Checkpoint(log.Verifier.Name, new TreeHead(size ?? entries.Count, await new ProofBuilder(tiles, size ?? entries.Count).RootAsync(default)));
        var salt = RandomNumberGenerator.GetBytes(16);
        byte[] above = [.. TreeHash.Leaf("somebody else's"u8).ToArray(), .. TreeHash.Leaf(RollUpLeaf.Build(salt, head.ToText())).ToArray()];
        var proofs = new ProofBuilder(new OneTile(above), 2);
        var note = new Checkpoint(rollUp.Verifier.Name, new TreeHead(2, await proofs.RootAsync(default))).Sign(rollUp);
        note = note.With(witnesses.Select(witness => witness.Sign(note.Text)));
        var consistency = await new ProofBuilder(tiles, entries.Count).ConsistencyAsync(size ?? entries.Count, default);
        return StatementRollUp.Build(head, new ExportRollUp(salt, 1, await proofs.InclusionAsync(1, default), note.ToString(), rollUp.Verifier.ToString()), consistency);
    }

    /// <summary>The key is handed over; from now on the next one signs, and the statement carries the hand-overs.</summary>
    /// <param name="by">Who signs in the old key's stead; null: the old key.</param>
    public ForgedInstance HandOver(DateTimeOffset? from = null, Ed25519SigningKey? by = null)
    {
        var next = new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32));
        var (old, signer) = (new NoteSigner(SignedDocument.KeyName, statementKey), new NoteSigner(SignedDocument.KeyName, next));
        var handover = new KeyHandover(old.Verifier, signer.Verifier, from ?? time.GetUtcNow(), (from ?? time.GetUtcNow()).AddDays(30));
        var note = by is null ? handover.Sign(old, signer) : SignedNote.Sign(handover.ToText(), new NoteSigner(SignedDocument.KeyName, by), signer);
        handovers.Add(note);
        former.Add(statementKey);
        statementKey = next;
        return this;
    }

    /// <summary>The statement, with the results at the given indexes; none given: all.</summary>
    public async Task<JsonObject> StateAsync(Posture posture, params int[] shown)
    {
        var tiles = new OneTile([.. entries.SelectMany(entry => entry.Entry.LeafHash.ToArray())]);
        var proofs = new ProofBuilder(tiles, entries.Count);
        var root = await proofs.RootAsync(default);
        var chain = new List<JsonObject>();
        foreach (var index in shown.Length > 0 ? shown : Enumerable.Range(0, entries.Count))
        {
            var (entry, opened) = entries[index];
            var node = EvidenceEntry.Build(new Guid(RandomNumberGenerator.GetBytes(16)), index, entry.Leaf, opened.Actor.Fields, opened.Fields.Fields);
            node["inclusion"] = EvidenceEntry.Path(await proofs.InclusionAsync(index, default));
            chain.Add(node);
        }
        var checkpoint = new Checkpoint(log.Verifier.Name, new TreeHead(entries.Count, root)).Sign(log);
        return Sign(TrustStatement.Build(posture, [], time.GetUtcNow(), log.Verifier.ToString(), ClaimHistory.Empty, ResultChain.Build(checkpoint, chain)));
    }

    public JsonObject Sign(JsonObject statement)
    {
        statement["handovers"] = new JsonArray([.. handovers.Select(note => (JsonNode)note.ToString())]);
        return SignedDocument.Sign(statement, statementKey, former.TakeLast(1));
    }

    /// <summary>Signed by a key that was handed over.</summary>
    /// <param name="statement">As <see cref="StateAsync"/> made it.</param>
    public JsonObject SignWithFormer(JsonObject statement) => SignedDocument.Sign(statement, former[^1]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private sealed class OneTile(byte[] hashes) : ITileSource
    {
        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>?>(address is { Level: 0, Index: 0 } ? hashes : null);
    }
}

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
    private readonly Ed25519SigningKey statementKey = new(RandomNumberGenerator.GetBytes(32));
    private readonly TimeProvider time;

    public ForgedInstance(TimeProvider time)
    {
        this.time = time;
        keys = new KeyRing(new FolderKeyStore(folder), time);
        log = new NoteSigner(id.Origin("lies.example/log"), new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
    }

    public string Key => Convert.ToBase64String(statementKey.PublicKey.Span);

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

    public JsonObject Sign(JsonObject statement) => SignedDocument.Sign(statement, statementKey);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private sealed class OneTile(byte[] hashes) : ITileSource
    {
        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>?>(address is { Level: 0, Index: 0 } ? hashes : null);
    }
}

using System.Text.Json;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Native;
using Vouchsafe.Cryptography.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.Logs;

/// <summary>
/// Which generations of checkpoint keys there are, as this node knows. It looks every <see cref="Refresh"/>; a new generation signs only after
/// <see cref="Notice"/>, so that no node signs without it. Generations it has seen it keeps in its folder: deleting a row brings no old key back.
/// </summary>
internal sealed class CheckpointKeys(IDatabase database, KeyRing keys, AuditOptions options, TimeProvider time)
{
    internal static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    /// <summary>Between the announcement of a key and its first signature.</summary>
    internal static readonly TimeSpan Notice = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Known? _known;

    /// <summary>All of them, oldest first. <see cref="ReadyAsync"/> comes before.</summary>
    public IReadOnlyList<KeyGeneration> All => (_known ?? throw new InvalidOperationException("The generations of checkpoint keys were not read yet.")).Generations;

    /// <summary>Those whose keys sign now: one, or two while a key is handed over.</summary>
    public IReadOnlyList<KeyGeneration> Signing
    {
        get
        {
            var now = time.GetUtcNow();
            var begun = All.Where(generation => generation.SignsFrom <= now).ToList();
            return begun.Count > 1 && begun[^1].AloneFrom > now ? begun[^2..] : begun[^1..];
        }
    }

    /// <summary>The hand-overs from the first of a signer's keys to that of a generation, oldest first. Signatures are deterministic: each time the same.</summary>
    /// <param name="signer">The signer's key of a generation.</param>
    public IReadOnlyList<SignedNote> Handovers(int newest, Func<int, NoteSigner> signer) => [.. All.Skip(1).TakeWhile(generation => generation.Number <= newest).Select(generation =>
    {
        var (old, next) = (signer(generation.Number - 1), signer(generation.Number));
        return new KeyHandover(old.Verifier, next.Verifier, generation.SignsFrom, generation.AloneFrom).Sign(old, next);
    })];

    /// <summary>For what the key of a generation is derived: the first one's purpose has no number.</summary>
    public static string Purpose(string purpose, int generation) =>
        generation == 1 ? purpose : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{purpose}/{generation}");

    /// <summary>Makes sure that what is known is not older than <see cref="Refresh"/>.</summary>
    /// <exception cref="KeyStoreException">A row wasn't made by this key store, or one is missing: nothing may be signed.</exception>
    public async ValueTask ReadyAsync(CancellationToken cancellationToken, bool now = false)
    {
        if (!now && _known is { } fresh && time.GetUtcNow() < fresh.Until) return;
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var session = database.Platform(Actor.System("audit.checkpoint-keys"));
            var rows = await session.ListAsync("select generation, signs_from, alone_from, authentic from audit.checkpoint_keys", [],
                row => (Generation: new KeyGeneration(row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2)), Authentic: row.GetFieldValue<byte[]>(3)),
                cancellationToken);
            if (rows.Find(row => !row.Generation.IsAuthentic(keys, row.Authentic)).Generation is { } foreign)
                throw new KeyStoreException(
                    $"Generation {foreign.Number} of the checkpoint keys was not made with this key store. Nothing is signed until its row in audit.checkpoint_keys is gone; find out who wrote it.");
            var kept = _known?.Generations ?? Load();
            List<KeyGeneration> all = [.. rows.Select(row => row.Generation).Concat(kept).DistinctBy(generation => generation.Number).OrderBy(generation => generation.Number)];
            if (all.Where((generation, n) => generation.Number != n + 1).Any())
                throw new KeyStoreException("A generation of the checkpoint keys is missing. Put the row back from a backup; nothing is signed until then.");
            if (all.Count > kept.Count) Keep(all);
            _known = new Known(all, time.GetUtcNow() + Refresh);
        }
        finally
        {
            _one.Release();
        }
    }

    private static AssociatedData Binding => new("vouchsafe/checkpoint-keys/v1");

    private string? File => options.MemoryFolder is { } folder ? Path.Combine(folder, "checkpoint-keys") : null;

    private List<KeyGeneration> Load()
    {
        if (File is not { } file || !System.IO.File.Exists(file)) return [KeyGeneration.First];
        try
        {
            return JsonSerializer.Deserialize<List<KeyGeneration>>(Seal.Open(keys.Derive("checkpoint-keys"), System.IO.File.ReadAllBytes(file), Binding))!;
        }
        catch (Exception damaged) when (damaged is SealException or JsonException or ArgumentException)
        {
            throw new KeyStoreException($"{Path.GetFileName(file)} in the node's folder was altered, or is of another cell. Restore it from a copy.", damaged);
        }
    }

    private void Keep(List<KeyGeneration> all)
    {
        if (File is { } file) DurableFile.Replace(file, Seal.Protect(keys.Derive("checkpoint-keys"), JsonSerializer.SerializeToUtf8Bytes(all), Binding));
    }

    private sealed record Known(IReadOnlyList<KeyGeneration> Generations, DateTimeOffset Until);
}

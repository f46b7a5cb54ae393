using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Native;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// What this node knows of each witness, kept where neither a restore nor a DELETE in the database reaches: the checkpoint it cosigned last, and the
/// proof that it saw another history. One sealed file for each witness, beside the verified heads.
/// </summary>
internal sealed class WitnessMemory(AuditOptions options, KeyRing keys)
{
    private const string Purpose = "witness-memory";
    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.Ordinal);
    private readonly Lock _one = new();
    private bool _loaded;

    /// <summary>Files that this node's key doesn't open: altered, or of another cell. What they held is not known.</summary>
    public IReadOnlyList<string> Damaged { get; private set; } = [];

    public IReadOnlyCollection<Contradiction> Contradictions
    {
        get
        {
            Load();
            return [.. _known.Values.Select(known => known.Contradiction).OfType<Contradiction>()];
        }
    }

    public Remembered Find(string witness)
    {
        Load();
        return _known.GetValueOrDefault(witness) ?? new Remembered(witness, null, null);
    }

    /// <summary>Returns when it is on the disk.</summary>
    public void Keep(Remembered known)
    {
        Load();
        lock (_one)
        {
            _known[known.Witness] = known;
            if (Folder is not { } folder) return;
            var content = Seal.Protect(keys.Derive(Purpose), JsonSerializer.SerializeToUtf8Bytes(known), Binding);
            DurableFile.Replace(Path.Combine(folder, NameOf(known.Witness)), content);
        }
    }

    private static string NameOf(string witness) => Sha256.Hash(Encoding.UTF8.GetBytes(witness)).ToString();

    private static AssociatedData Binding => new("vouchsafe/witness-memory/v1");

    private string? Folder => options.MemoryFolder is { } folder ? Path.Combine(folder, "witnesses") : null;

    private void Load()
    {
        lock (_one)
        {
            if (_loaded) return;
            var damaged = new List<string>();
            foreach (var file in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder) : [])
            {
                // The leftover of a node that died while it wrote.
                if (file.EndsWith(".new", StringComparison.Ordinal)) continue;
                try
                {
                    var known = JsonSerializer.Deserialize<Remembered>(Seal.Open(keys.Derive(Purpose), File.ReadAllBytes(file), Binding))!;
                    // The file of one witness in the place of another's would hide what that one proved.
                    if (Path.GetFileName(file) != NameOf(known.Witness)) damaged.Add(file);
                    else _known[known.Witness] = known;
                }
                catch (Exception unreadable) when (unreadable is SealException or JsonException or ArgumentException)
                {
                    damaged.Add(file);
                }
            }
            (Damaged, _loaded) = (damaged, true);
        }
    }
}

/// <param name="Cosigned">The checkpoint it cosigned last, with the log's signature and its own; null: none yet.</param>
internal sealed record Remembered(string Witness, string? Cosigned, Contradiction? Contradiction);

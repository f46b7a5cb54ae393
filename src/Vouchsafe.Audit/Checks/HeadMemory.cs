using System.Collections.Concurrent;
using System.Globalization;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Audit.Checks;

/// <summary>The heads that were verified last, kept where a restore of the database doesn't reach: one small file a log.</summary>
internal sealed class HeadMemory(AuditOptions options)
{
    private readonly ConcurrentDictionary<Guid, VerifiedHead> _heads = Load(options.MemoryFolder);

    public IReadOnlyCollection<VerifiedHead> All => [.. _heads.Values];

    public VerifiedHead? Find(Guid log) => _heads.GetValueOrDefault(log);

    public void Remember(VerifiedHead head)
    {
        if (_heads.TryGetValue(head.Log, out var known) && known == head)
            return;
        _heads[head.Log] = head;
        if (options.MemoryFolder is not { } folder)
            return;
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, head.Log.ToString("N"));
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{head.Tenant:N} {head.Size} {head.Root} {head.Position}"));
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Forget(Guid log)
    {
        _heads.TryRemove(log, out _);
        if (options.MemoryFolder is { } folder)
            File.Delete(Path.Combine(folder, log.ToString("N")));
    }

    // A file that can't be read is one head forgotten: it can hide a roll-back of this node's memory, never invent one.
    private static ConcurrentDictionary<Guid, VerifiedHead> Load(string? folder)
    {
        var heads = new ConcurrentDictionary<Guid, VerifiedHead>();
        if (folder is null || !Directory.Exists(folder))
            return heads;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (Guid.TryParseExact(Path.GetFileName(file), "N", out var log)
                && File.ReadAllText(file).Split(' ') is [var tenant, var size, { Length: 2 * Digest.Size } root, .. var rest]
                && Guid.TryParseExact(tenant, "N", out var owner)
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && root.All(char.IsAsciiHexDigitLower))
                heads[log] = new VerifiedHead(log, owner, count, Digest.From(Convert.FromHexString(root)))
                {
                    Position = rest is [var position] && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0,
                };
        }

        return heads;
    }
}

/// <summary>A head that the entries were seen to hash to.</summary>
internal sealed record VerifiedHead(Guid Log, Guid Tenant, long Size, Digest Root)
{
    /// <summary>Where the pass over all entries goes on after a restart.</summary>
    public long Position { get; init; }
}

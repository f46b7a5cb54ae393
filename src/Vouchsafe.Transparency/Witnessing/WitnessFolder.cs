using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>Heads in a folder, a file for each log: <c>size base64(root)</c>. A file is replaced whole, so that a crash leaves the old or the new.</summary>
public sealed class WitnessFolder(string folder) : IWitnessedHeads
{
    /// <exception cref="InvalidDataException">The file is damaged: the witness must not go on as if it had seen nothing.</exception>
    public TreeHead? Find(string origin)
    {
        var file = FileOf(origin);
        if (!File.Exists(file)) return null;
        return File.ReadAllText(file).TrimEnd('\n').Split(' ') is [var size, var root]
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && CanonicalBase64.TryDecode(root, Digest.Size) is { Length: Digest.Size } bytes
            ? new TreeHead(count, Digest.From(bytes))
            : throw new InvalidDataException($"{file} doesn't say what was cosigned. Restore it from a copy; don't delete it, or the log could show another history.");
    }

    public void Keep(string origin, TreeHead head)
    {
        Directory.CreateDirectory(folder);
        var file = FileOf(origin);
        using (var fresh = new FileStream(file + ".new", FileMode.Create, FileAccess.Write))
        {
            fresh.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Size} {Convert.ToBase64String(head.Root.Bytes)}\n")));
            fresh.Flush(flushToDisk: true);
        }
        File.Move(file + ".new", file, overwrite: true);
    }

    private string FileOf(string origin) => Path.Combine(folder, Sha256.Hash(Encoding.UTF8.GetBytes(origin)).ToString());
}

using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Native;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>Cosigned checkpoints in a folder, a file for each log, named by the hash of its origin. A file is replaced whole and is on the disk before
/// <see cref="Keep"/> returns.</summary>
public sealed class WitnessFolder(string folder) : IWitnessedHeads
{
    public SignedNote? Find(string origin) => FindByHash(HashOf(origin));

    /// <exception cref="InvalidDataException">The file is damaged: the witness must not go on as if it had seen nothing.</exception>
    public SignedNote? FindByHash(string originHash)
    {
        if (originHash.Length != 2 * Digest.Size || !originHash.All(char.IsAsciiHexDigitLower)) return null;
        var file = Path.Combine(folder, originHash);
        if (!File.Exists(file)) return null;
        try
        {
            var note = SignedNote.Parse(File.ReadAllBytes(file));
            return HashOf(Checkpoint.Parse(note.Text).Origin) == originHash ? note : throw new NoteException("It is of another log.");
        }
        catch (NoteException damaged)
        {
            throw new InvalidDataException(
                $"{file} doesn't say what was cosigned. Restore it from a copy; don't delete it, or the log could show another history.", damaged);
        }
    }

    public void Keep(string origin, SignedNote cosigned) =>
        DurableFile.Replace(Path.Combine(folder, HashOf(origin)), Encoding.UTF8.GetBytes(cosigned.ToString()));

    private static string HashOf(string origin) => Sha256.Hash(Encoding.UTF8.GetBytes(origin)).ToString();
}

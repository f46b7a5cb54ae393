using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Auditing;

/// <summary>A key that verifies notes, as an option names it: the key itself (<c>name+id+base64</c>), or a file that holds it.</summary>
internal static class NoteKey
{
    /// <param name="option">The option, for the message.</param>
    /// <param name="type">A log's key and a witness's are of different kinds.</param>
    /// <exception cref="NoteException">It is none, or one of another kind. The message names the option.</exception>
    /// <exception cref="IOException">The file can't be read, or is longer than a key can be.</exception>
    public static async Task<NoteVerifier> ReadAsync(string option, string text, NoteKeyType type, CancellationToken cancellationToken)
    {
        try
        {
            var key = NoteVerifier.Parse(File.Exists(text) ? (await ShortFile.ReadAsync(text, cancellationToken)).Trim() : text);
            return key.Type == type ? key : throw new NoteException($"{key.Name} is not the key of {(type == NoteKeyType.Cosignature ? "a witness's cosignatures" : "a log")}.");
        }
        catch (NoteException problem)
        {
            throw new NoteException($"{option}: {problem.Message}");
        }
    }
}

using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Auditing;

/// <summary>A key that verifies notes, as an option names it: the key itself (<c>name+id+base64</c>), or a file that holds it.</summary>
internal static class NoteKey
{
    /// <param name="option">The option, for the message.</param>
    /// <exception cref="NoteException">It is none. The message names the option.</exception>
    /// <exception cref="IOException">The file can't be read, or is longer than a key can be.</exception>
    public static async Task<NoteVerifier> ReadAsync(string option, string text, CancellationToken cancellationToken)
    {
        try
        {
            return NoteVerifier.Parse(File.Exists(text) ? (await ShortFile.ReadAsync(text, cancellationToken)).Trim() : text);
        }
        catch (NoteException problem)
        {
            throw new NoteException($"{option}: {problem.Message}");
        }
    }
}

using System.Text.Json;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Auditing;

/// <summary>
/// A file with hand-overs of a log's key: one signed note, or the JSON array of them that <c>/audit/roll-up/handovers</c> and <c>/audit/log/handovers</c> give.
/// </summary>
internal static class HandoverFile
{
    /// <exception cref="NoteException">A file holds none. The message names it.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static async Task<IReadOnlyList<SignedNote>> ReadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var notes = new List<SignedNote>();
        foreach (var file in files)
        {
            try
            {
                var text = await ShortFile.ReadAsync(file, ShortFile.LongestList, cancellationToken);
                notes.AddRange(text.StartsWith('[') ? JsonSerializer.Deserialize<string[]>(text)!.Select(note => SignedNote.Parse(note ?? "")) : [SignedNote.Parse(text)]);
            }
            catch (Exception problem) when (problem is NoteException or JsonException)
            {
                throw new NoteException($"--handover {file}: {problem.Message}");
            }
        }
        return notes;
    }
}

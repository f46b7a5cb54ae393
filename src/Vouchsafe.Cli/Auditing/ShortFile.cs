using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Auditing;

/// <summary>A file of text that is known to be short: a key, a checkpoint. A longer one is not read.</summary>
internal static class ShortFile
{
    /// <exception cref="IOException">It can't be read, or is longer than a note can be.</exception>
    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var buffer = new byte[SignedNote.LongestNote + 1];
        var size = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return size < buffer.Length ? System.Text.Encoding.UTF8.GetString(buffer, 0, size) : throw new IOException($"{file} is longer than {SignedNote.LongestNote} bytes.");
    }
}

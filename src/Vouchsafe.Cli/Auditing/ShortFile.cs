using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Auditing;

/// <summary>A file of text that is known to be short: a key, a checkpoint. A longer one is not read.</summary>
internal static class ShortFile
{
    /// <summary>As many hand-overs as a chain may have, with room.</summary>
    public const int LongestList = 2 << 20;

    /// <exception cref="IOException">It can't be read, or is longer than a note can be.</exception>
    public static Task<string> ReadAsync(string file, CancellationToken cancellationToken) => ReadAsync(file, SignedNote.LongestNote, cancellationToken);

    /// <param name="longest">In bytes.</param>
    /// <exception cref="IOException">It can't be read, or is longer.</exception>
    public static async Task<string> ReadAsync(string file, int longest, CancellationToken cancellationToken)
    {
        // The framework says the same of an empty name by an exception that names a programmer's mistake.
        if (file.Length == 0) throw new FileNotFoundException("The name of a file is empty.");
        await using var stream = File.OpenRead(file);
        var buffer = new byte[longest + 1];
        var size = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return size < buffer.Length ? System.Text.Encoding.UTF8.GetString(buffer, 0, size) : throw new IOException($"{file} is longer than {longest} bytes.");
    }
}

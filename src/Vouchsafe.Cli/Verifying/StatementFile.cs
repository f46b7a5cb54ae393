using Vouchsafe.Claims.Evidence;

namespace Vouchsafe.Cli.Verifying;

/// <summary>A statement that was downloaded.</summary>
internal static class StatementFile
{
    /// <returns>At most one byte more than a statement may have: enough to refuse it.</returns>
    /// <exception cref="VerifyException">It can't be read.</exception>
    public static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            var buffer = new byte[SignedDocument.LongestDocument + 1];
            var size = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return buffer[..size];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerifyException($"{file} can't be read: {unreadable.Message}");
        }
    }
}

using System.Text;
using Vouchsafe.Claims.Postures.Reading;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures;

/// <summary>Reads postures (docs/formats/posture.md).</summary>
public static class PostureFile
{
    /// <summary>Reads a posture and the base documents that it extends.</summary>
    /// <param name="path">The file. Base documents other than <c>baseline</c> stand in the folder <c>bases</c> beside it.</param>
    /// <exception cref="PostureException">It can't be read or used; all errors are in it, each with file, line and column.</exception>
    public static Posture Load(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Read(Bytes(path, path), path, name => Path.Combine(folder, "bases", name + ".yaml"));
    }

    /// <summary>Reads a posture from text.</summary>
    /// <param name="yaml">The document.</param>
    /// <param name="file">How errors name it.</param>
    /// <param name="folder">Where <c>bases/</c> is looked for; null: only the embedded baseline is known.</param>
    /// <exception cref="PostureException">It can't be used; all errors are in it.</exception>
    public static Posture Parse(string yaml, string file = "posture", string? folder = null) =>
        Read(Encoding.UTF8.GetBytes(yaml), file, name => folder is null ? null : Path.Combine(folder, "bases", name + ".yaml"));

    internal static Posture Read(ReadOnlySpan<byte> utf8, string file, Func<string, string?> baseFile)
    {
        var errors = new ErrorList(file);
        var document = DocumentReader.Read(YamlReader.Read(utf8, errors), errors);
        errors.ThrowIfAny();
        var layers = BaseDocuments.Read(document!, errors, baseFile);
        errors.ThrowIfAny();
        return Resolution.Resolve(document!, layers, errors);
    }

    /// <summary>At most one byte more than a posture may have: enough to refuse it.</summary>
    internal static byte[] Bytes(string path, string shownAs)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var buffer = new byte[YamlReader.MostBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..length];
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PostureException([new PostureError(PostureFault.Unreadable, shownAs, 1, 1, "The file can't be read: " + broken.GetType().Name + ".")]);
        }
    }
}

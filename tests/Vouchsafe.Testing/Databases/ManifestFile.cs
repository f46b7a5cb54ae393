using Vouchsafe.Postgres.Linting.Manifests;

namespace Vouchsafe.Testing.Databases;

/// <summary>Holds the <c>manifest.json</c> beside a module's migrations to what they make, or writes it where <c>VOUCHSAFE_WRITE_MANIFEST</c> is 1.</summary>
/// <example>
/// A host's own test: read a database with Vouchsafe's migrations, and one with the host's too;
/// <c>ManifestFile.Hold(path, after.Since(before), "VOUCHSAFE_WRITE_MANIFEST=1 dotnet test")</c>.
/// </example>
public static class ManifestFile
{
    /// <summary>The variable that has the files written.</summary>
    public const string Variable = "VOUCHSAFE_WRITE_MANIFEST";

    /// <param name="file">The path of <c>manifest.json</c>.</param>
    /// <param name="made">What the migrations made in a database of their own.</param>
    /// <param name="command">What writes the file anew, for the message of a failure.</param>
    public static void Hold(string file, SchemaManifest made, string command)
    {
        var now = made.ToJson();
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            File.WriteAllText(file, now);
            return;
        }

        var signed = File.Exists(file) ? File.ReadAllText(file) : "";
        if (signed == now)
            return;
        var (before, after) = (signed.Split('\n').ToHashSet(StringComparer.Ordinal), now.Split('\n').ToHashSet(StringComparer.Ordinal));
        throw new InvalidOperationException($"{file} isn't what the migrations make. If the change is meant, write it anew, read the difference and commit it:\n\n    {command}\n\n"
            + string.Join("\n", before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)).Take(40)));
    }
}

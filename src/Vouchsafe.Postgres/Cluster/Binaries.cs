using System.Globalization;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>A folder with the server's programs.</summary>
/// <param name="Folder">Holds <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="Major">15 or later.</param>
public sealed record Binaries(string Folder, int Major)
{
    internal const int OldestMajor = 15;

    internal string Initdb => Path.Combine(Folder, "initdb");

    internal string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>The client's program. Packages may put it elsewhere than the server's, or not install it.</summary>
    internal string Psql => new[] { Folder }.Concat(Candidates()).Select(folder => Path.Combine(folder, "psql")).FirstOrDefault(File.Exists) ?? "psql";

    /// <summary>The newest server installed: on the PATH, in Debian's folders, or where pg_config says.</summary>
    /// <exception cref="ClusterException">None is there; the message says what to install.</exception>
    public static Binaries Find() =>
        Candidates().Where(IsServer).Distinct(StringComparer.Ordinal)
            .Select(folder => new Binaries(folder, MajorOf(folder)))
            .Where(found => found.Major >= OldestMajor)
            .MaxBy(found => found.Major)
        ?? throw new ClusterException(ClusterProblem.NoBinaries,
            $"No PostgreSQL server of version {OldestMajor} or later was found. Install one: apt-get install postgresql");

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;

        foreach (var root in new[] { "/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt" })
            if (Directory.Exists(root))
                foreach (var version in Directory.EnumerateDirectories(root))
                    yield return Path.Combine(version, "bin");

        yield return "/usr/local/pgsql/bin";
        if (Command.TryRun("pg_config", ["--bindir"], out var output))
            yield return output.Trim();
    }

    private static bool IsServer(string folder) =>
        File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));

    // "postgres (PostgreSQL) 15.14 (Debian …)"
    private static int MajorOf(string folder) =>
        Command.TryRun(Path.Combine(folder, "postgres"), ["--version"], out var output)
        && output.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var version, ..]
        && int.TryParse(version.Split('.', 'b', 'r')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? major : 0;
}

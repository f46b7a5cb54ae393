using System.Security.Cryptography;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>The passwords of the cluster's logins: random, made once, in a file that only its maker reads.</summary>
/// <remarks>The file has the form of a password file of libpq, so that <c>PGPASSFILE=… psql -U vouchsafe_owner</c> opens the database.</remarks>
internal sealed class Logins
{
    internal const string Superuser = "postgres";
    private const int PasswordBytes = 24;

    private readonly Dictionary<string, string> _passwords;

    private Logins(Dictionary<string, string> passwords) => _passwords = passwords;

    internal string this[string login] => _passwords[login];

    internal static Logins ReadOrMake(string file, IEnumerable<string> logins)
    {
        if (File.Exists(file))
            return new Logins(File.ReadLines(file).Select(line => line.Split(':')).Where(parts => parts.Length == 5)
                .ToDictionary(parts => parts[3], parts => parts[4], StringComparer.Ordinal));

        var passwords = logins.ToDictionary(login => login, _ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes)), StringComparer.Ordinal);
        Write(file, string.Concat(passwords.Select(pair => $"*:*:*:{pair.Key}:{pair.Value}\n")));
        return new Logins(passwords);
    }

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    internal static void Write(string file, string content)
    {
        var unfinished = file + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file, overwrite: true);
    }
}

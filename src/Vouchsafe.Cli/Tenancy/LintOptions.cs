using Npgsql;

namespace Vouchsafe.Cli.Tenancy;

/// <param name="Connection">As it was typed: without a password.</param>
internal sealed record LintOptions(string Connection)
{
    public string? PasswordFile { get; init; }

    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>Null: the default.</summary>
    public IReadOnlyList<string>? KnownRoles { get; init; }

    /// <summary>Null: the default.</summary>
    public IReadOnlyList<string>? KnownExtensions { get; init; }

    public IReadOnlyList<string> KnownServerHashes { get; init; } = [];

    public string? IgnoreFile { get; init; }

    public bool Json { get; init; }

    public bool ReportOnly { get; init; }

    /// <summary>With the password from the file; where there is none, the driver looks in PGPASSWORD, PGPASSFILE and ~/.pgpass.</summary>
    /// <exception cref="ArgumentException">No connection string, or one with a password: arguments can be read by every user of the machine.</exception>
    public async Task<string> ConnectionStringAsync(CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(Connection);
        if (!string.IsNullOrEmpty(builder.Password))
            throw new ArgumentException("A password on the command line can be read by every user of this machine. Take it out, and give it in PGPASSWORD, in the file that PGPASSFILE names, or with --password-file.");
        if (PasswordFile is { } file)
            builder.Password = (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault() is { Length: > 0 } password
                ? password
                : throw new FormatException($"{file} holds no password.");
        return builder.ConnectionString;
    }
}

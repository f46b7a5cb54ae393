using Npgsql;

namespace Vouchsafe.Postgres.Roles;

/// <summary>Where the database is and with which passwords its logins are opened.</summary>
public sealed record DatabaseOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 5432;

    public required string Name { get; init; }

    public required string AppPassword { get; init; }

    public required string PlatformPassword { get; init; }

    /// <summary>For migrations and key rotation; null in a node that only serves.</summary>
    public string? OwnerPassword { get; init; }

    /// <summary>Roles beside the three that the operator accounts for: superusers, backup and monitoring logins. The linter names every other that could reach rows.</summary>
    public IReadOnlyCollection<string> KnownRoles { get; init; } = DefaultKnownRoles;

    /// <summary>Extensions that the operator accounts for, as <c>name</c> or <c>name=hash of its members</c>; the linter names every other.</summary>
    public IReadOnlyCollection<string> KnownExtensions { get; init; } = DefaultKnownExtensions;

    /// <summary>For a cluster that a minor version made whose initdb isn't known: hashes of the server's own rows that the operator has looked into, as <c>catalogue=hash</c>.</summary>
    public IReadOnlyCollection<string> KnownServerHashes { get; init; } = [];

    /// <summary>Connections that one node keeps to each of the two run-time logins, at most.</summary>
    public int MaximumConnections { get; init; } = 50;

    /// <summary>How TLS to the server is used. On the loopback it is not needed.</summary>
    public SslMode Tls { get; init; } = SslMode.Prefer;

    /// <summary>The superuser that initdb makes unless told otherwise.</summary>
    public static IReadOnlyCollection<string> DefaultKnownRoles { get; } = ["postgres"];

    /// <summary>The one that every database has.</summary>
    public static IReadOnlyCollection<string> DefaultKnownExtensions { get; } = ["plpgsql"];

    public string App => Base(DatabaseRoles.App, AppPassword).ConnectionString;

    public string Platform => Base(DatabaseRoles.Platform, PlatformPassword).ConnectionString;

    /// <exception cref="InvalidOperationException">No owner password was given.</exception>
    public string Owner
    {
        get
        {
            var builder = Base(DatabaseRoles.Owner, OwnerPassword ?? throw new InvalidOperationException("Migrations need the owner's password: Vouchsafe:Database:OwnerPassword."));
            builder.Pooling = false;
            return builder.ConnectionString;
        }
    }

    private NpgsqlConnectionStringBuilder Base(string role, string password) => new()
    {
        Host = Host,
        Port = Port,
        Database = Name,
        Username = role,
        Password = password,
        SslMode = Tls,
        MaxPoolSize = MaximumConnections,
        // A session leaves nothing on a connection that goes back (Sessions/Answers.cs), and the driver's reset costs a third of the throughput.
        NoResetOnClose = true,
        Options = role == DatabaseRoles.Owner ? null : SessionSettings.StartupOptions(role),
        // Statements name their schemas. The same path as the SECURITY DEFINER functions pin: else the plans of what both call would be made anew at each change.
        SearchPath = "pg_catalog, pg_temp",
        MaxAutoPrepare = 250,
        AutoPrepareMinUsages = 2,
        IncludeErrorDetail = false,
        ApplicationName = "vouchsafe",
        Timeout = 15,
        CommandTimeout = 30,
    };

    // Passwords don't travel in log lines.
    public override string ToString() => $"{Host}:{Port}/{Name}";
}

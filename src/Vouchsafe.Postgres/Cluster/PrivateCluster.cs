using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>A PostgreSQL server of one's own in a folder: made on the first start, on the loopback and a Unix socket alone, ended with the process.</summary>
/// <remarks>
/// One process at a time holds the folder. A process that is killed takes its server with it; where the platform can't do that, the next start ends the orphan.
/// Logins have random passwords (SCRAM-SHA-256), kept in <c>logins</c> in the folder, readable by the account that started it.
/// </remarks>
public sealed class PrivateCluster : IAsyncDisposable
{
    private readonly FolderLock _lock;
    private readonly Logins _logins;
    private readonly Postmaster _postmaster;

    private PrivateCluster(string folder, FolderLock held, Logins logins, Postmaster postmaster, Binaries binaries, int port) =>
        (Folder, _lock, _logins, _postmaster, Binaries, Port) = (folder, held, logins, postmaster, binaries, port);

    public string Folder { get; }

    public int Port { get; }

    public Binaries Binaries { get; }

    /// <summary>A password file in libpq's form.</summary>
    public string LoginsFile => Path.Combine(Folder, "logins");

    public string LogFile => Path.Combine(Folder, "postgres.log");

    /// <summary>Completes when the server has ended, for whatever reason.</summary>
    public Task Ended => _postmaster.Ended;

    /// <summary>The process id of the server.</summary>
    public int ProcessId => Orphans.PostmasterOf(Path.Combine(Folder, "postgres"))
        ?? throw new ClusterException(ClusterProblem.ServerFailed, "The server isn't running.");

    /// <exception cref="ClusterException">It can't be started; the message is one line that says what to do.</exception>
    public static async Task<PrivateCluster> StartAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new ClusterException(ClusterProblem.OtherPlatform, "A private cluster needs Linux or macOS. Give a connection to a server instead: Vouchsafe:Database.");
        var binaries = Binaries.Find();
        var account = Account.Choose();
        var folder = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(folder);
        account.MustReach(folder);
        var held = FolderLock.Take(folder);
        try
        {
            var logins = Logins.ReadOrMake(Path.Combine(folder, "logins"), [Logins.Superuser, .. DatabaseRoles.All]);
            var data = Path.Combine(folder, "postgres");
            if (!File.Exists(Path.Combine(data, "PG_VERSION")))
                Initialise(folder, data, logins, binaries, account, options);
            MustBeOf(binaries, data);
            await Orphans.EndAsync(data, options.Time, cancellationToken);

            var port = options.Port != 0 ? options.Port : FreePort(Path.Combine(folder, "port"));
            var server = account.Wrap([binaries.Postgres, "-D", data, .. ServerSettings.For(options, port, SocketFolder(folder, account))], options.ThrowAway ? "QUIT" : "INT");
            var postmaster = await Postmaster.StartAsync(server, data, Path.Combine(folder, "postgres.log"), options.Time, cancellationToken);
            File.WriteAllText(Path.Combine(folder, "port"), port.ToString(CultureInfo.InvariantCulture));
            return new PrivateCluster(folder, held, logins, postmaster, binaries, port);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The options with which an application reaches a database of this cluster, passwords included.</summary>
    public DatabaseOptions OptionsFor(string database) => new()
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Name = database,
        AppPassword = _logins[DatabaseRoles.App],
        PlatformPassword = _logins[DatabaseRoles.Platform],
        OwnerPassword = _logins[DatabaseRoles.Owner],
    };

    /// <summary>The superuser's connection string. For making roles and databases, and for tests that tamper; no part of an application.</summary>
    public string Superuser(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Database = database,
        Username = Logins.Superuser,
        Password = _logins[Logins.Superuser],
        Pooling = false,
        IncludeErrorDetail = false,
    }.ConnectionString;

    /// <summary>Makes the roles and the database where they are missing.</summary>
    public async Task<DatabaseOptions> EnsureDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var options = OptionsFor(name);
        await Bootstrap.EnsureRolesAsync(Superuser(), options, cancellationToken);
        await Bootstrap.EnsureDatabaseAsync(Superuser(), name, cancellationToken);
        await Bootstrap.HardenAsync(Superuser(name), cancellationToken);
        return options;
    }

    /// <summary>The command that opens a database as its owner, to be copied into a POSIX shell.</summary>
    public string OwnerShellCommand(string database) => string.Create(CultureInfo.InvariantCulture,
        $"PGPASSFILE={ShellText.Quoted(LoginsFile)} {ShellText.Quoted(Binaries.Psql)} -h 127.0.0.1 -p {Port} -U {DatabaseRoles.Owner} {ShellText.Quoted(database)}");

    public async ValueTask DisposeAsync()
    {
        await _postmaster.StopAsync();
        _lock.Dispose();
    }

    private static void Initialise(string folder, string data, Logins logins, Binaries binaries, Account account, ClusterOptions options)
    {
        // Made beside its place and moved there when whole: a start that was killed leaves nothing that looks like a cluster.
        var unfinished = data + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        account.Give(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var password = Path.Combine(folder, "password");
        Logins.Write(password, logins[Logins.Superuser]);
        account.Give(password, UnixFileMode.UserRead);
        try
        {
            string[] command =
            [
                binaries.Initdb, "-D", unfinished, $"--username={Logins.Superuser}", $"--pwfile={password}", "--auth=scram-sha-256",
                "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", .. options.ThrowAway ? ["--no-sync"] : Array.Empty<string>(), .. options.Initdb,
            ];
            if (!account.Run(command, out var output))
                throw new ClusterException(ClusterProblem.ServerFailed, $"initdb failed: {Account.FirstLine(output)}");
        }
        finally
        {
            File.Delete(password);
        }

        Directory.Move(unfinished, data);
    }

    private static void MustBeOf(Binaries binaries, string data)
    {
        var version = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
        if (version != binaries.Major.ToString(CultureInfo.InvariantCulture))
            throw new ClusterException(ClusterProblem.OtherVersion,
                $"The data folder was made by PostgreSQL {version}, and the binaries found are of {binaries.Major}. Install postgresql-{version}, or start with an empty folder.");
    }

    private static string? SocketFolder(string folder, Account account)
    {
        // A socket's path is bounded at 107 bytes; where the folder lies too deep the loopback serves alone.
        var socket = Path.Combine(folder, "socket");
        if (socket.Length + "/.s.PGSQL.65535.lock".Length > 100)
            return null;
        Directory.CreateDirectory(socket);
        account.Give(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return socket;
    }

    private static int FreePort(string remembered)
    {
        if (File.Exists(remembered) && int.TryParse(File.ReadAllText(remembered), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && TryBind(last) is { } same)
            return same;
        return TryBind(0)!.Value;
    }

    private static int? TryBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}

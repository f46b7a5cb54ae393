using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Postgres.Cluster;

namespace Vouchsafe.Cli.Running;

/// <summary><c>vouchsafe run --app APP.dll</c>: an application on a private cluster, for development and for looking around.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan ServePatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ChecksPatience = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var application = new Option<string>("--app") { Description = "the application's DLL", Required = true }.NotEmpty();
        var posture = new Option<string>("--posture") { Description = "a posture's name, or a file", DefaultValueFactory = _ => "apower-flex" }.NotEmpty();
        var https = new Option<int>("--port") { Description = "HTTPS port", DefaultValueFactory = _ => 5443 }.OfPort();
        var http = new Option<int>("--http-port") { Description = "HTTP port, which only redirects", DefaultValueFactory = _ => 5080 }.OfPort();
        var data = new Option<string>("--data") { Description = "folder for cluster, keys and certificate", DefaultValueFactory = _ => ".data" }.NotEmpty();
        var empty = new Option<bool>("--empty") { Description = "no demo data; create the first operator on the set-up page" };
        var command = new Command("run", "Start an application on a private PostgreSQL cluster") { application, posture, https, http, data, empty };
        command.SetAction((parsed, _) => RunAsync(
            new RunOptions(
                parsed.GetValue(application)!, parsed.GetValue(posture)!, parsed.GetValue(https), parsed.GetValue(http),
                Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(empty)),
            Console.Out, TimeProvider.System));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, TextWriter output, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await StartAsync(options, output, time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (ClusterException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> StartAsync(RunOptions options, TextWriter output, TimeProvider time, CancellationToken stop)
    {
        var began = Began(time);
        foreach (var port in new[] { options.HttpsPort, options.HttpPort })
        {
            if (IsFree(port))
                continue;
            await Console.Error.WriteLineAsync($"Port {port} is in use; is another ./run still running? Choose other ports with --port and --http-port.");
            return 1;
        }

        await output.WriteLineAsync("· starting PostgreSQL");
        await using var cluster = await StartClusterAsync(options, output, stop);
        var database = await cluster.EnsureDatabaseAsync(RunOptions.Database, stop);

        await output.WriteLineAsync("· applying migrations and seeding");
        var (seeded, details) = (new List<string>(), new List<string>());
        using (var migration = ApplicationProcess.Migrate(options, database, seeded.Add, details.Add))
        {
            await migration.Ended.WaitAsync(stop);
            if (migration.ExitCode != 0)
                return await FailAsync("The migration failed:", [.. seeded, .. details]);
        }

        await output.WriteLineAsync("· starting the application");
        var log = Path.Combine(options.Data, "application.log");
        await using var logFile = new StreamWriter(PrivateLog(log)) { AutoFlush = true };
        var lines = TextWriter.Synchronized(logFile);
        string? code = null;
        var application = ApplicationProcess.Serve(options, database, line =>
        {
            Keep(lines, line);
            code = SetUpLine.CodeIn(line) ?? code;
        });
        try
        {
            using var readiness = new Readiness(options.Origin, time);
            if (!await readiness.ServesAsync(application.Ended, ServePatience, stop))
                return await FailAsync($"The application didn't start to serve. The last lines of {log}:", await Tail(log));

            await output.WriteLineAsync("· waiting for the first round of checks");
            var trust = await readiness.FirstRoundAsync(ChecksPatience, stop);
            if (code is not null)
                seeded.Add($"set-up        {new Uri(options.Origin, "/setup")} with the code {code}");
            await Banner.PrintAsync(output, options, cluster.OwnerShellCommand(RunOptions.Database), seeded, trust, time.GetUtcNow() - began);

            var first = await Task.WhenAny(application.Ended, cluster.Ended).WaitAsync(stop);
            return await FailAsync(first == cluster.Ended ? "PostgreSQL stopped." : $"The application stopped. The last lines of {log}:", await Tail(log));
        }
        finally
        {
            await application.StopAsync();
            application.Dispose();
        }
    }

    /// <summary>A full disk ends no application: its own log lies there too.</summary>
    private static void Keep(TextWriter log, string line)
    {
        try
        {
            log.WriteLine(line);
        }
        catch (IOException)
        {
            // There is no other place to say it.
        }
    }

    /// <summary>
    /// In the data folder; where that lies below a folder which the server's account may not enter (root's home, a private temporary
    /// folder), below one that it may.
    /// </summary>
    private static async Task<PrivateCluster> StartClusterAsync(RunOptions options, TextWriter output, CancellationToken stop)
    {
        try
        {
            return await PrivateCluster.StartAsync(new ClusterOptions { Folder = Path.Combine(options.Data, "cluster") }, stop);
        }
        catch (ClusterException problem) when (problem.Problem == ClusterProblem.NoAccount)
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Data)).AsSpan(0, 6));
            var elsewhere = Path.Combine("/var/lib/vouchsafe", name);
            await output.WriteLineAsync($"· {problem.Message} The cluster lies in {elsewhere} instead.");
            return await PrivateCluster.StartAsync(new ClusterOptions { Folder = elsewhere }, stop);
        }
    }

    /// <summary>The moment the script began, so that the time told includes the build.</summary>
    private static DateTimeOffset Began(TimeProvider time) =>
        long.TryParse(Environment.GetEnvironmentVariable("VOUCHSAFE_STARTED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : time.GetUtcNow();

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Addresses, codes and errors: a log is its owner's alone, also where one was there before.</summary>
    private static FileStream PrivateLog(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (File.Exists(file))
                File.SetUnixFileMode(file, options.UnixCreateMode.Value);
        }

        return new FileStream(file, options);
    }

    private static async Task<string[]> Tail(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).TrimEnd().Split('\n').TakeLast(30).ToArray();
    }

    private static async Task<int> FailAsync(string what, IEnumerable<string> lines)
    {
        await Console.Error.WriteLineAsync(what);
        foreach (var line in lines)
            await Console.Error.WriteLineAsync($"  {line}");
        return 1;
    }
}

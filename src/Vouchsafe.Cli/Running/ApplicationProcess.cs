using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Cli.Running;

/// <summary>The application as a process of its own: once to migrate, then to serve.</summary>
/// <remarks>Passwords travel in the environment, which other accounts can't read; the owner's goes to the migrating process alone.</remarks>
internal sealed class ApplicationProcess : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly Process process;

    private ApplicationProcess(Process process) => this.process = process;

    public Task Ended => process.WaitForExitAsync();

    public int ExitCode => process.ExitCode;

    /// <summary>Applies migrations and seeds; ends by itself.</summary>
    /// <param name="line">What it says to the person who started it.</param>
    /// <param name="detail">What it did, and what went wrong.</param>
    public static ApplicationProcess Migrate(RunOptions options, DatabaseOptions database, Action<string> line, Action<string> detail) =>
        Start(options, database, line, detail, ("Logging__LogLevel__Default", "Warning"), ("Vouchsafe__Migrate", "true"), ("Vouchsafe__Seed", options.Empty ? "false" : "true"), ("Vouchsafe__Database__OwnerPassword", database.OwnerPassword!));

    public static ApplicationProcess Serve(RunOptions options, DatabaseOptions database, Action<string> line) =>
        Start(options, database, line, line);

    /// <summary>Asks the process to end, and ends it where it doesn't.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
            return;
        _ = Kill(process.Id, SigTerm);
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    public void Dispose() => process.Dispose();

    private static ApplicationProcess Start(RunOptions options, DatabaseOptions database, Action<string> line, Action<string> error, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var command = EndWithParent(["dotnet", "exec", Path.GetFullPath(options.Application)]);
        start.FileName = command[0];
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);

        (string Name, string Value)[] settings =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            // A person reads it here, not a collector.
            ("Logging__Console__FormatterName", "simple"),
            ("Logging__Console__FormatterOptions__SingleLine", "true"),
            ("Vouchsafe__Posture", options.Posture),
            ("Vouchsafe__Database__Host", database.Host),
            ("Vouchsafe__Database__Port", database.Port.ToString(CultureInfo.InvariantCulture)),
            ("Vouchsafe__Database__Name", database.Name),
            ("Vouchsafe__Database__AppPassword", database.AppPassword),
            ("Vouchsafe__Database__PlatformPassword", database.PlatformPassword),
            ("Vouchsafe__Keys__Folder", Path.Combine(options.Data, "keys")),
            ("Vouchsafe__Edge__HttpsPort", options.HttpsPort.ToString(CultureInfo.InvariantCulture)),
            ("Vouchsafe__Edge__HttpPort", options.HttpPort.ToString(CultureInfo.InvariantCulture)),
            ("Vouchsafe__Edge__CertificateFolder", Path.Combine(options.Data, "certificate")),
            ("Vouchsafe__Mail__Mailbox", "true"),
            ("Vouchsafe__Edge__PublicOrigin", options.Origin.GetLeftPart(UriPartial.Authority)),
            .. more,
        ];
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var process = KeptProcess.Start(start);
        process.OutputDataReceived += (_, data) => Forward(data.Data, line);
        process.ErrorDataReceived += (_, data) => Forward(data.Data, error);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ApplicationProcess(process);

        static void Forward(string? text, Action<string> to)
        {
            if (text is not null)
                to(text);
        }
    }

    /// <summary>So that a killed launcher leaves no server behind that holds the ports.</summary>
    private static string[] EndWithParent(string[] command) =>
        File.Exists("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--", .. command] : command;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

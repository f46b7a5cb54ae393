using System.ComponentModel;
using System.Diagnostics;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>Runs a short program to its end.</summary>
internal static class Command
{
    internal static bool TryRun(string program, IEnumerable<string> arguments, out string output)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // A folder that the account may enter: the server's programs complain about one that it may not.
        start.WorkingDirectory = "/";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                output = errors.GetAwaiter().GetResult() + output;
            return process.ExitCode == 0;
        }
        catch (Win32Exception missing)
        {
            output = missing.Message;
            return false;
        }
    }
}

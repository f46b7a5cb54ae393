using System.CommandLine;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Cli.Postures;
using Vouchsafe.Cli.Running;
using Vouchsafe.Cli.Tenancy;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Cli.Witnessing;

namespace Vouchsafe.Cli;

/// <summary>All commands, and how each ends.</summary>
internal static class CommandLine
{
    public static RootCommand Create(TextWriter output, TextWriter errors) => new("Vouchsafe: keep, and prove, what a security page promises")
    {
        RunCommand.Create(),
        VerifyCommand.Create(output, errors),
        AuditCommand.Create(output, errors),
        PostureCommand.Create(output, errors),
        WitnessCommand.Create(output, errors),
        TenancyCommand.Create(output, errors),
    };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            // A value that begins with @ is that value, not a file with more arguments.
            var parsed = Create(output, errors).Parse(args, new() { ResponseFileTokenReplacer = null });
            var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, Output = output, Error = errors });
            // What couldn't be understood wasn't looked at.
            return parsed.Errors.Count > 0 ? ExitCode.Unable : code;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Unable;
        }
        catch (Exception broken)
        {
            // What broke wasn't looked at either: it must not end as what was found wanting does.
            await errors.WriteLineAsync($"This should not have happened: {broken.GetType().Name}: {broken.Message}");
            return ExitCode.Unable;
        }
    }
}

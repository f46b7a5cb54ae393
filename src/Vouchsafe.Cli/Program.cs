using System.CommandLine;
using Vouchsafe.Cli;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Cli.Postures;
using Vouchsafe.Cli.Running;
using Vouchsafe.Cli.Tenancy;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Cli.Witnessing;

var root = new RootCommand("Vouchsafe: keep, and prove, what a security page promises")
{
    RunCommand.Create(),
    VerifyCommand.Create(Console.Out, Console.Error),
    AuditCommand.Create(Console.Out, Console.Error),
    PostureCommand.Create(Console.Out, Console.Error),
    WitnessCommand.Create(Console.Out, Console.Error),
    TenancyCommand.Create(Console.Out, Console.Error),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
// What couldn't be understood wasn't looked at.
return parsed.Errors.Count > 0 ? ExitCode.Unable : code;

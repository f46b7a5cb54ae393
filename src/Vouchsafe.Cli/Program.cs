using System.CommandLine;
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
return await root.Parse(args).InvokeAsync();

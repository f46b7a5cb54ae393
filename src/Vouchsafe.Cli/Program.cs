using System.CommandLine;
using Vouchsafe.Cli.Running;

var root = new RootCommand("Vouchsafe: keep, and prove, what a security page promises")
{
    RunCommand.Create(),
};
return await root.Parse(args).InvokeAsync();

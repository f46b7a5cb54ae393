using System.Diagnostics;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Cluster;

/// <summary>The command that ./run prints to open the database.</summary>
public sealed class OwnerShell
{
    [Fact]
    public async Task Works_as_copied_into_a_shell()
    {
        var cluster = await TestCluster.GetAsync();
        await using var database = await TestDatabase.MakeEmptyAsync();
        var command = cluster.OwnerShellCommand(database.Options.Name) + " -Atc 'select current_user'";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("vouchsafe_owner", (await output).Trim() + await errors);
    }

    [Theory]
    [InlineData("/usr/lib/postgresql/15/bin/psql", "/usr/lib/postgresql/15/bin/psql")]
    [InlineData("/home/Anna's data/logins", @"'/home/Anna'\''s data/logins'")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    [InlineData("", "''")]
    public void A_word_stays_one_word(string text, string quoted) => Assert.Equal(quoted, ShellText.Quoted(text));
}

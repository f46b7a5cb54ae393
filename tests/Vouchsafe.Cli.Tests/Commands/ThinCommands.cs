using Npgsql;
using Vouchsafe.Cli.Postures;
using Vouchsafe.Cli.Tenancy;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Cli.Tests.Commands;

public sealed class ThinCommands(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory, InlineData("apower-flex"), InlineData("apshan"), InlineData("clientflow"), InlineData("fluxi")]
    public void A_posture_that_ships_is_good(string name)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(0, PostureCommand.Check(TestPosture.File(name), output, errors, TimeProvider.System));
        Assert.StartsWith(name + ": ", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(errors.ToString());
    }

    [Fact]
    public void A_posture_that_cannot_be_kept_is_told_by_line_and_column()
    {
        var file = Path.Combine(Path.GetTempPath(), $"vouchsafe-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}.yaml");
        File.WriteAllText(file, File.ReadAllText(TestPosture.File("apower-flex")).Replace("attempts: 6", "attempts: none", StringComparison.Ordinal));
        try
        {
            using var output = new StringWriter();
            using var errors = new StringWriter();
            Assert.Equal(1, PostureCommand.Check(file, output, errors, TimeProvider.System));
            Assert.Matches($@"^{System.Text.RegularExpressions.Regex.Escape(file)}:\d+:\d+: ", errors.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_sound_schema_has_no_finding_and_a_planted_one_is_found()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var sound = await TenancyCommand.LintAsync(database.Owner, output, errors, Stop);
        Assert.True(sound == 0, output + errors.ToString());

        await TestDatabase.RunAsync(database.Owner, "create schema planted; create table planted.t (tenant_id uuid not null, id uuid primary key)");
        try
        {
            Assert.Equal(1, await TenancyCommand.LintAsync(database.Owner, output, errors, Stop));
            Assert.Contains("planted.t", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await TestDatabase.RunAsync(database.Owner, "drop schema planted cascade");
        }
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_without_its_password()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var connection = new NpgsqlConnectionStringBuilder(database.App) { Password = "wrong-and-secret", Pooling = false }.ConnectionString;
        Assert.Equal(2, await TenancyCommand.LintAsync(connection, output, errors, Stop));
        Assert.DoesNotContain("wrong-and-secret", output + errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await TenancyCommand.LintAsync("no connection string", output, errors, Stop));
    }
}

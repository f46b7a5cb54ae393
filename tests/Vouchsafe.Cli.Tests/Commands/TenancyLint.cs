using System.Text.Json;
using Npgsql;
using Vouchsafe.Cli.Tenancy;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Cli.Tests.Commands;

public sealed class TenancyLint(EdgeDatabase database) : IClassFixture<EdgeDatabase>, IDisposable
{
    private const string Planted = "create schema planted; create table planted.t (tenant_id uuid not null, id uuid primary key)";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly StringWriter _output = new(), _errors = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_schema_has_no_finding()
    {
        Assert.True(await LintAsync() == 0, _output + _errors.ToString());
        Assert.Contains("No finding by", _output.ToString(), StringComparison.Ordinal);
        // What can't be seen from inside is said, also where nothing was found.
        Assert.Contains("not looked at: who may connect", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planted_table_is_found_ignored_with_a_reason_and_only_reported() => await PlantedAsync(async () =>
    {
        Assert.Equal(1, await LintAsync());
        Assert.Contains("planted.t", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await LintAsync(options => options with { ReportOnly = true }));
        Assert.Contains("Report only", _output.ToString(), StringComparison.Ordinal);

        var ignore = Write("ignore.json", """{ "ignore": [ { "schema": "planted", "reason": "moves in autumn" } ] }""");
        _output.GetStringBuilder().Clear();
        Assert.True(await LintAsync(options => options with { IgnoreFile = ignore }) == 0, _output.ToString());
        Assert.Contains("ignored (planted: moves in autumn): table.undeclared: planted.t", _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(1, await LintAsync(options => options with { Json = true }));
        using var json = JsonDocument.Parse(_output.ToString());
        Assert.Contains(json.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "table.undeclared");
        Assert.NotEmpty(json.RootElement.GetProperty("unseen").EnumerateArray());
    });

    [Theory]
    [InlineData("""{ "ignore": [ { "schema": "planted" } ] }""", "no reason")]
    [InlineData("""{ "ignore": [ { "schema": "planted", "reason": " " } ] }""", "no reason")]
    [InlineData("""{ "ignore": [ { "reason": "because" } ] }""", "no schema")]
    [InlineData("""{ "ignore": [ { "schema": "edge", "reason": "because" } ] }""", "can't be ignored")]
    [InlineData("""{ "ignored": [ ] }""", "can't be read")]
    [InlineData("[]", "can't be read")]
    public async Task An_ignore_file_without_reasons_is_refused(string file, string expected)
    {
        Assert.Equal(2, await LintAsync(options => options with { IgnoreFile = Write("ignore.json", file) }));
        Assert.Contains(expected, _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_schemas_is_ignored_by_no_entry() => await PlantedAsync(async () =>
    {
        // A role's finding, whatever schema the file names.
        await TestDatabase.RunAsync(database.Superuser, $"alter database {database.Options.Name} set search_path = planted");
        var ignore = Write("ignore.json", """{ "ignore": [ { "schema": "planted", "reason": "moves in autumn" } ] }""");
        Assert.Equal(1, await LintAsync(options => options with { IgnoreFile = ignore }));
        Assert.Contains("setting.session", _output.ToString(), StringComparison.Ordinal);
        await TestDatabase.RunAsync(database.Superuser, $"alter database {database.Options.Name} reset search_path");
    });

    [Fact]
    public async Task A_hosts_manifest_signs_off_what_it_made()
    {
        await TestDatabase.RunAsync(database.Owner, "create schema planted; create table planted.t (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id)); call vouchsafe.tenant_table('planted.t')");
        try
        {
            Assert.Equal(1, await LintAsync());
            _output.GetStringBuilder().Clear();
            Assert.Equal(0, await TenancyCommand.WriteManifestAsync(Options(), _output, _errors, Stop));
            var manifest = Write("manifest.json", _output.ToString());
            Assert.Contains("table planted.t", SchemaManifest.Parse(_output.ToString()).Keys);
            Assert.DoesNotContain("schema vouchsafe", SchemaManifest.Parse(_output.ToString()).Keys);
            Assert.True(await LintAsync(options => options with { Manifests = [manifest] }) == 0, _output.ToString());
        }
        finally
        {
            await TestDatabase.RunAsync(database.Owner, "drop schema planted cascade");
        }
    }

    [Fact]
    public async Task A_password_in_the_arguments_is_refused()
    {
        Assert.Equal(2, await TenancyCommand.LintAsync(new LintOptions(database.App), _output, _errors, Stop));
        Assert.Contains("PGPASSWORD", _errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(database.Options.AppPassword, _output + _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_without_its_password()
    {
        Assert.Equal(2, await LintAsync(options => options with { PasswordFile = Write("password", "wrong-and-secret") }));
        Assert.DoesNotContain("wrong-and-secret", _output + _errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await TenancyCommand.LintAsync(new LintOptions("no connection string"), _output, _errors, Stop));
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _output.Dispose();
        _errors.Dispose();
    }

    private LintOptions Options() => new(new NpgsqlConnectionStringBuilder(database.Owner) { Password = null }.ConnectionString)
    {
        PasswordFile = Write("owner", new NpgsqlConnectionStringBuilder(database.Owner).Password! + "\n"),
    };

    private Task<int> LintAsync(Func<LintOptions, LintOptions>? with = null) => TenancyCommand.LintAsync(with is null ? Options() : with(Options()), _output, _errors, Stop);

    private async Task PlantedAsync(Func<Task> look)
    {
        await TestDatabase.RunAsync(database.Owner, Planted);
        try
        {
            await look();
        }
        finally
        {
            await TestDatabase.RunAsync(database.Owner, "drop schema planted cascade");
        }
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}

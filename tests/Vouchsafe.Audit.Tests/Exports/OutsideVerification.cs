using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Audit.Tests.Exports;

/// <summary>A real trail, exported as its administrator does it, verified by the command with key and checkpoint that the administrator kept; and a superuser in between.</summary>
public sealed class OutsideVerification : IAsyncLifetime
{
    private static readonly string[] Tables = ["entries", "heads", "tiles", "bundles", "tails"];

    private readonly AuditDatabase database = new();
    private readonly TenantId tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000ad"));
    private readonly string folder = TestCluster.NewFolder();
    private string key = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        for (var n = 0; n < 10; n++)
            await RecordAsync(30, "first");
        await using var session = database.Open(tenant);
        key = (await database.Get<TrailReader>().VerifierAsync(session, Cancellation))!.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_was_recorded_is_valid_up_to_the_entry_before_the_export()
    {
        await RecordAsync(1, "last", sequence: false);
        var (code, text) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.StartsWith("valid: ", text, StringComparison.Ordinal);
        Assert.Contains("read        301 entries", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update audit.entries set leaves[4] = set_byte(leaves[4], 60, 255 - get_byte(leaves[4], 60)) where append_id = (select append_id from audit.entries order by 1 offset 5 limit 1)", "edited      Entry 153 ")]
    [InlineData("update audit.entries set sealed[4] = set_byte(sealed[4], 60, 255 - get_byte(sealed[4], 60)) where append_id = (select append_id from audit.entries order by 1 offset 5 limit 1)", "withheld    Values of entry 153 ")]
    [InlineData("delete from audit.entries where append_id = (select append_id from audit.entries order by 1 desc limit 1)", "removed     Entry 270 ")]
    [InlineData("update audit.entries set leaves = array[leaves[2], leaves[1]] || leaves[3:], sealed = array[sealed[2], sealed[1]] || sealed[3:] where append_id = (select append_id from audit.entries order by 1 offset 2 limit 1)", "reordered   Entry 6")]
    [InlineData("update audit.tiles set hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40)) where level = 0", "hashes-altered The hashes of entries 0 to 255 were altered; the entries themselves are as recorded")]
    [InlineData("update audit.heads set root = sha256('x')", "hashes-altered ")]
    public async Task What_a_superuser_altered_is_named(string sabotage, string expected)
    {
        await TestDatabase.RunAsync(database.Superuser, sabotage);
        var (code, text) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_backup_shows_beside_a_checkpoint_that_somebody_kept()
    {
        await BackUpAsync();
        await RecordAsync(60, "later");
        var checkpoint = await CheckpointAsync();
        Assert.Contains("the log continues each earlier checkpoint", (await VerifyAsync(checkpoint)).Text, StringComparison.Ordinal);

        await RestoreAsync();
        var (code, text) = await VerifyAsync(checkpoint);
        Assert.Equal(1, code);
        Assert.Contains("rolled-back The log had 360 entries and has 300", text, StringComparison.Ordinal);

        // Another history grows over it, signed by the log's own key: two histories of one log.
        await RecordAsync(80, "instead");
        (code, text) = await VerifyAsync(checkpoint);
        Assert.Equal(1, code);
        Assert.StartsWith("split-view: ", text, StringComparison.Ordinal);
        Assert.Equal(0, (await VerifyAsync()).Code);
    }

    private async Task BackUpAsync()
    {
        await TestDatabase.RunAsync(database.Superuser, "create schema backup");
        foreach (var table in Tables)
            await TestDatabase.RunAsync(database.Superuser, $"create table backup.{table} as select * from audit.{table}");
    }

    private async Task RestoreAsync()
    {
        foreach (var table in Tables)
            await TestDatabase.RunAsync(database.Superuser, $"delete from audit.{table}; insert into audit.{table} select * from backup.{table}");
    }

    private async Task<string> CheckpointAsync()
    {
        await using var session = database.Open(tenant);
        var file = Path.Combine(folder, "checkpoint");
        await File.WriteAllTextAsync(file, (await database.Get<TrailReader>().CheckpointAsync(session, Cancellation))!.ToString(), Cancellation);
        return file;
    }

    private async Task<(int Code, string Text)> VerifyAsync(string? previous = null)
    {
        var file = Path.Combine(folder, "export.json");
        await using (var export = await TakenExport.OfAsync(database, tenant, null, Cancellation))
            await File.WriteAllBytesAsync(file, export.ToArray(), Cancellation);
        using var output = new StringWriter();
        var code = await AuditCommand.RunAsync(new(file, key, previous is null ? [] : [previous], false), Console.OpenStandardInput, output, output, TimeProvider.System, Cancellation);
        return (code, output.ToString());
    }

    private async Task RecordAsync(int count, string what, bool sequence = true)
    {
        database.Time.Advance(TimeSpan.FromSeconds(1));
        await using var session = database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField(what, $"{n}")))], Cancellation);
        if (sequence)
            await database.SequenceAsync(Cancellation);
    }
}

using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Audit.Tests.Keys;

/// <summary>The checkpoint keys are handed over on a live instance, cut off, forged and rolled back.</summary>
public sealed class RotatedCheckpointKeys : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly string folder = TestCluster.NewFolder();
    private readonly AuditDatabase database;
    private readonly TenantId tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000ad"));

    public RotatedCheckpointKeys() => database = new AuditDatabase { Trail = new AuditOptions { MemoryFolder = Path.Combine(folder, "node") } };

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        await using var session = database.Open(tenant);
        await session.RecordAsync(new AuditEvent("order.created"), Stop);
        await database.SequenceAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_old_key_signs_alone_then_both_then_the_new_one()
    {
        var old = await VerifierAsync();
        var rotated = await database.Get<CheckpointRotation>().RotateAsync("yearly", Week, Stop);
        Assert.Equal(2, rotated.Generation);
        // Announced: every node has time to see it before it signs.
        Assert.True(rotated.SignsFrom - database.Time.GetUtcNow() >= CheckpointKeys.Refresh * 2);
        Assert.Single((await CheckpointAsync()).Signatures);
        Assert.Equal(0, await VerifyAsync(old));

        database.Time.Advance(rotated.SignsFrom - database.Time.GetUtcNow());
        var next = await VerifierAsync();
        Assert.NotEqual(old.ToString(), next.ToString());
        var both = await CheckpointAsync();
        Assert.True(both.IsSignedBy(old) && both.IsSignedBy(next));
        Assert.Equal((0, 0), (await VerifyAsync(old), await VerifyAsync(next)));

        database.Time.Advance(Week);
        var alone = await CheckpointAsync();
        Assert.Equal((1, true), (alone.Signatures.Count, alone.IsSignedBy(next)));
        Assert.Equal((0, 0), (await VerifyAsync(old), await VerifyAsync(next)));

        // A second hand-over: the chain has two links, and what was kept in between leads there too.
        await database.Get<CheckpointRotation>().RotateAsync("yearly", Week, Stop);
        database.Time.Advance(CheckpointKeys.Notice + Week + TimeSpan.FromSeconds(2));
        Assert.Equal(2, (await HandoversAsync()).Count);
        Assert.Equal((0, 0), (await VerifyAsync(old), await VerifyAsync(next)));
        Assert.Equal(0, await VerifyAsync(old, both));
    }

    [Fact]
    public async Task The_rotation_stands_in_the_operator_s_log_once_and_a_second_waits_for_the_first()
    {
        await database.Get<CheckpointRotation>().RotateAsync("a key was seen in a dump", Week, Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Get<CheckpointRotation>().RotateAsync("again", Week, Stop));
        await database.Get<CheckpointRotation>().CompleteAsync(null, Stop);
        var entry = Assert.Single(await EventsAsync());
        Assert.Contains(entry.Fields.Fields, field => field is { Name: "reason", Value: "a key was seen in a dump" });
    }

    /// <summary>Killed between the announcement and its entry: the roll-up job of any node, or the command again, records it and begins no other.</summary>
    [Fact]
    public async Task Cut_off_after_the_announcement_it_is_finished_and_not_begun_anew()
    {
        var cut = database.Get<CheckpointRotation>();
        await cut.AnnounceAsync(2, Week, Stop);
        Assert.Empty(await EventsAsync());
        Assert.Equal(2, (await NewNode("other").Rotation.RotateAsync("again", Week, Stop)).Generation);
        Assert.Single(await EventsAsync());
        Assert.Equal(1L, await TestDatabase.ScalarAsync(database.Superuser, "select count(*) from audit.checkpoint_keys"));
    }

    [Fact]
    public async Task Two_that_rotate_at_once_make_one_generation()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => NewNode($"n{n}").Rotation.AnnounceAsync(2, Week, Stop)));
        Assert.Equal(1L, await TestDatabase.ScalarAsync(database.Superuser, "select count(*) from audit.checkpoint_keys"));
    }

    [Fact]
    public async Task Every_node_knows_the_new_key_before_it_signs()
    {
        var slow = NewNode("slow");
        await slow.Keys.ReadyAsync(Stop);
        var rotated = await database.Get<CheckpointRotation>().RotateAsync("yearly", Week, Stop);
        database.Time.Advance(rotated.SignsFrom - database.Time.GetUtcNow());
        await slow.Keys.ReadyAsync(Stop);
        Assert.Equal([1, 2], slow.Keys.Signing.Select(generation => generation.Number));
    }

    [Fact]
    public async Task A_row_that_the_key_store_didn_t_make_stops_all_signing()
    {
        await TestDatabase.RunAsync(database.Superuser,
            "insert into audit.checkpoint_keys (generation, signs_from, alone_from, authentic) values (2, '2020-01-01', '2020-01-01', sha256('x'))");
        await Assert.ThrowsAsync<KeyStoreException>(() => NewNode("fresh").Keys.ReadyAsync(Stop).AsTask());
    }

    [Fact]
    public async Task Deleting_the_row_brings_no_old_key_back_on_a_node_that_saw_it()
    {
        await database.Get<CheckpointRotation>().RotateAsync("yearly", TimeSpan.Zero, Stop);
        database.Time.Advance(CheckpointKeys.Notice + TimeSpan.FromMinutes(1));
        var next = await VerifierAsync();
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.checkpoint_keys");
        // Also after a restart: the node's folder has it.
        var again = NewNode("node");
        await again.Keys.ReadyAsync(Stop);
        Assert.Equal([2], again.Keys.Signing.Select(generation => generation.Number));
        database.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(next.ToString(), (await VerifierAsync()).ToString());
    }

    private (CheckpointKeys Keys, CheckpointRotation Rotation) NewNode(string name)
    {
        var keys = new CheckpointKeys(database.Database, database.Get<KeyRing>(), new AuditOptions { MemoryFolder = Path.Combine(folder, name) }, database.Time);
        return (keys, new CheckpointRotation(database.Database, database.Get<KeyRing>(), keys));
    }

    private async Task<NoteVerifier> VerifierAsync()
    {
        await using var session = database.Open(tenant);
        return (await database.Get<TrailReader>().VerifierAsync(session, Stop))!;
    }

    private async Task<SignedNote> CheckpointAsync()
    {
        await using var session = database.Open(tenant);
        return (await database.Get<TrailReader>().CheckpointAsync(session, Stop))!;
    }

    private async Task<IReadOnlyList<SignedNote>> HandoversAsync()
    {
        await using var session = database.Open(tenant);
        return await database.Get<TrailReader>().HandoversAsync(session, Stop);
    }

    private async Task<int> VerifyAsync(NoteVerifier key, SignedNote? previous = null)
    {
        var file = Path.Combine(folder, "export.json");
        await using (var taken = await TakenExport.OfAsync(database, tenant, null, Stop))
            await File.WriteAllBytesAsync(file, taken.ToArray(), Stop);
        var kept = Path.Combine(folder, "kept");
        if (previous is not null) await File.WriteAllTextAsync(kept, previous.ToString(), Stop);
        using var output = new StringWriter();
        return await AuditCommand.RunAsync(new(file, key.ToString(), previous is null ? [] : [kept], false), Console.OpenStandardInput, output, output, database.Time, Stop);
    }

    private async Task<IReadOnlyList<TrailEntry>> EventsAsync()
    {
        await database.SequenceAsync(Stop);
        await using var session = database.Database.Tenant(SystemLog.Scope(Actor.System("test")));
        return [.. (await database.Get<TrailReader>().ListAsync(session, null, 100, Stop)).Where(entry => entry.Event == "checkpoint-keys.rotated")];
    }
}

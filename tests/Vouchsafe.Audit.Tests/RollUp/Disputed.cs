using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cli.Witnessing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Audit.Tests.RollUp;

/// <summary>Who is accused, on what proof, and for how long (decision 0055).</summary>
public sealed partial class Disputed : IAsyncLifetime
{
    private static readonly string[] Tables = ["entries", "heads", "tiles", "bundles", "tails", "rolled_up"];
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly AuditDatabase database = new();
    private readonly string folder = TestCluster.NewFolder();
    private readonly TenantId tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000a1"));
    private ScriptedWitness witness = null!;
    private Node node = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        await database.Get<CheckpointSigner>().ReadyAsync(Stop);
        await GrowAsync();
        var log = database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId);
        witness = await ScriptedWitness.StartAsync(OpenWitness(log), Stop);
        node = NewNode("one");
    }

    public async ValueTask DisposeAsync()
    {
        await witness.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The log grows while the witness is asked, and somebody else has the newer head cosigned first: at the first ask and again at the second.</summary>
    [Fact]
    public async Task An_honest_witness_that_others_ask_too_is_not_accused()
    {
        await node.Asks.GatherAsync(Stop);
        await GrowAsync();
        var others = 0;
        witness.Before = async () =>
        {
            if (others++ < 2)
            {
                var before = await HeadAsync();
                await GrowAsync();
                await SubmitAsync(others == 1 ? 1 : before.Size);
            }
            return null;
        };
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.Equal((false, null, null), (seen.Contradicts, seen.DisputedSince, seen.Trouble));
        Assert.Equal((await HeadAsync()).Size, seen.Size);
        Assert.True((await CheckAsync(node)).Holds);
    }

    [Fact]
    public async Task Of_four_nodes_one_asks_at_a_time_and_nobody_is_accused()
    {
        witness.Before = async () =>
        {
            // The latency with which the attack was done.
            await Task.Delay(TimeSpan.FromMilliseconds(400), Stop);
            return null;
        };
        Node[] nodes = [node, NewNode("two"), NewNode("three"), NewNode("four")];
        await Task.WhenAll(nodes.Select(async each =>
        {
            await GrowAsync();
            await each.Asks.GatherAsync(Stop);
        }));
        Assert.Equal(1, witness.MostAtOnce);
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.Equal((false, null, (await HeadAsync()).Size), (seen.Contradicts, seen.Trouble, seen.Size));
        foreach (var each in nodes) Assert.True((await CheckAsync(each)).Holds);
    }

    [Fact]
    public async Task A_node_that_died_in_its_turn_holds_nobody_up_for_longer_than_the_turn()
    {
        Assert.True(await database.Get<WitnessStore>().TryTakeTurnAsync("witness.example", Guid.CreateVersion7(), Stop));
        Assert.False(await database.Get<WitnessStore>().TryTakeTurnAsync("witness.example", Guid.CreateVersion7(), Stop));
        database.Time.Advance(WitnessStore.Turn);
        await node.Asks.GatherAsync(Stop);
        Assert.Equal(1, (await RowAsync()).Size);
    }

    [Fact]
    public async Task A_contradiction_outlives_a_witness_that_fails_a_row_that_is_deleted_and_a_node_that_restarts()
    {
        await ContradictAsync();
        // The witness then fails to answer.
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(500, "oops\n"));
        await node.Asks.GatherAsync(Stop);
        Assert.True((await RowAsync()).Contradicts);
        Assert.Contains("saw another history", (await CheckAsync(node)).Message, StringComparison.Ordinal);
        // The row is deleted.
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.witnesses");
        Assert.Contains("saw another history", (await CheckAsync(node)).Message, StringComparison.Ordinal);
        // The node restarts and asks again: the row is back.
        node = NewNode("one");
        Assert.False((await CheckAsync(node)).Holds);
        await node.Asks.GatherAsync(Stop);
        Assert.True((await RowAsync()).Contradicts);
        // Another node learns of it, and holds it against a row that is edited.
        var second = NewNode("two");
        await second.Asks.GatherAsync(Stop);
        await TestDatabase.RunAsync(database.Superuser, "update audit.witnesses set contradicts = false, theirs = null, ours = null, trouble = null");
        Assert.False((await CheckAsync(second)).Holds);
        Assert.Single(await EventsAsync("witness.contradicted"));
    }

    [Fact]
    public async Task A_cosignature_over_a_head_that_continues_the_proof_lifts_it()
    {
        await ContradictAsync(keep: "right");
        Assert.False((await CheckAsync(node)).Holds);
        // The state that the witness saw is put back, and grows.
        await RestoreAsync("right");
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.Equal((false, null, (await HeadAsync()).Size), (seen.Contradicts, seen.Theirs, seen.Size));
        Assert.Empty(node.Memory.Contradictions);
        Assert.Single(await EventsAsync("witness.contradiction-lifted"));
    }

    /// <summary>Everything here is wiped: rows, folder, process. The witness itself shows what both keys signed.</summary>
    [Fact]
    public async Task Where_this_side_forgot_all_the_witness_s_own_checkpoint_is_the_proof()
    {
        await node.Asks.GatherAsync(Stop);
        await BackUpAsync("old");
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        await RestoreAsync("old");
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.witnesses");
        node = NewNode("fresh");
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.True(seen.Contradicts);
        var theirs = SignedNote.Parse(seen.Theirs!);
        Assert.True(theirs.IsSignedBy(witness.Witness.Verifier) && theirs.IsSignedBy(database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId)));
    }

    [Fact]
    public async Task A_witness_s_bare_word_accuses_nobody_but_doesn_t_stay_green_either()
    {
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(409, "999\n", WitnessAnswer.SizeType));
        // What it shows carries its own signature, and not the log's.
        var head = await HeadAsync();
        var origin = database.Get<CheckpointSigner>().Origin(head.LogId);
        var forger = new NoteSigner(origin, new Ed25519SigningKey(new byte[32]));
        witness.Shows = () => new Checkpoint(origin, new TreeHead(999, head.Root)).Sign(forger).ToString();
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.False(seen.Contradicts);
        Assert.NotNull(seen.DisputedSince);
        Assert.True((await CheckAsync(node)).Holds);
        // Failing to answer doesn't take it back.
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(500, "oops\n"));
        database.Time.Advance(WitnessDisputes.Grace);
        await node.Asks.GatherAsync(Stop);
        Assert.Contains("shows no proof", (await CheckAsync(node)).Message, StringComparison.Ordinal);
        Assert.Empty(await EventsAsync("witness.contradicted"));
        witness.Before = () => Task.FromResult<WitnessAnswer?>(null);
        await node.Asks.GatherAsync(Stop);
        Assert.True((await CheckAsync(node)).Holds);
    }

    /// <summary>A witness that lost its state cosigns a log that was rewritten: its own earlier note stands against both.</summary>
    [Fact]
    public async Task A_witness_that_forgot_lifts_nothing()
    {
        await ContradictAsync();
        Directory.Delete(Path.Combine(folder, "witness"), recursive: true);
        var log = database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId);
        var forgot = new Witness([log], new WitnessFolder(Path.Combine(folder, "forgot")), NoteSigner.Witness("witness.example", WitnessKey, database.Time));
        witness.Witness = forgot;
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        Assert.True((await RowAsync()).Contradicts);
        Assert.False((await CheckAsync(node)).Holds);
    }

    [Fact]
    public async Task A_cosignature_dated_in_the_future_is_none()
    {
        var log = database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId);
        var ahead = new Testing.Time.FakeTimeProvider(database.Time.GetUtcNow().AddMinutes(2));
        witness.Witness = new Witness([log], new WitnessFolder(Path.Combine(folder, "ahead")), NoteSigner.Witness("witness.example", WitnessKey, ahead));
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.Equal((0L, "Its cosignature is dated in the future."), (seen.Size, seen.Trouble));
    }

    [Fact]
    public async Task What_a_node_remembers_can_t_be_altered_unseen()
    {
        await ContradictAsync();
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.witnesses");
        var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "one", "witnesses")));
        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Stop);
        Assert.Contains("was altered", (await CheckAsync(NewNode("one"))).Message, StringComparison.Ordinal);
    }

    /// <summary>The written way back after a lawful restore (docs/guides/restore.md).</summary>
    [Fact]
    public async Task A_restart_begins_another_log_openly_and_leads_back_to_green()
    {
        var restart = database.Get<RollUpRestart>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => restart.RestartAsync("for fun", Stop));
        await ContradictAsync();
        var (before, old) = (await HeadAsync(), database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId));
        var seen = (await RowAsync()).Theirs!;
        var statement = await restart.RestartAsync("restored the backup of 5 January after a disk failure", Stop);

        var lines = statement.Text.Split('\n');
        Assert.Equal((RestartStatement.Format, old.Name, before.Size.ToString(System.Globalization.CultureInfo.InvariantCulture)), (lines[0], lines[1], lines[3]));
        var next = NoteVerifier.Parse(lines[2]);
        Assert.NotEqual(old.Name, next.Name);
        Assert.True(statement.IsSignedBy(old) && statement.IsSignedBy(next));
        var theirs = Checkpoint.Parse(SignedNote.Parse(seen).Text).Head;
        Assert.Equal($"witness.example {theirs.Size} {Convert.ToBase64String(theirs.Root.Bytes)}", lines[7]);
        Assert.Contains("disk failure", lines[6], StringComparison.Ordinal);
        Assert.Single(await EventsAsync("roll-up.restarted"));
        Assert.Equal(statement.ToString(), Assert.Single(await restart.StatementsAsync(Stop)).ToString());

        // The witness is given the new key; the heads are rolled up anew and cosigned.
        witness.Witness = OpenWitness(next);
        await GrowAsync();
        node = NewNode("one");
        await node.Asks.GatherAsync(Stop);
        var row = await RowAsync();
        Assert.Equal((false, null, (await HeadAsync()).Size), (row.Contradicts, row.Trouble, row.Size));
        Assert.Equal(next.Name, Checkpoint.Parse((await node.Asks.CheckpointAsync(Stop))!.Text).Origin);
        var finding = await CheckAsync(node);
        Assert.True(finding.Holds, finding.Message);
        // Another node, whose folder still knows the contradiction of the log that was ended.
        Assert.True((await CheckAsync(NewNode("two"))).Holds);
        await Assert.ThrowsAsync<InvalidOperationException>(() => restart.RestartAsync("again", Stop));
    }

    [Fact]
    public async Task A_restart_that_was_cut_off_is_finished_and_not_begun_anew()
    {
        await ContradictAsync();
        await using (var session = database.Database.Platform(Actor.System("test")))
        {
            await database.Get<CheckpointSigner>().ReadyAsync(Stop);
            await database.Get<RollUpRestart>().BeginAsync(session, "the first", Stop);
        }
        Assert.Empty(await EventsAsync("roll-up.restarted"));
        Assert.Contains("the first", (await database.Get<RollUpRestart>().RestartAsync("again", Stop)).Text, StringComparison.Ordinal);
        Assert.Single(await EventsAsync("roll-up.restarted"));
        Assert.Equal(1L, await TestDatabase.ScalarAsync(database.Superuser, "select count(*) from audit.roll_up_restarts"));
    }

    private static Ed25519SigningKey WitnessKey { get; } = new(Enumerable.Repeat((byte)7, 32).ToArray());

    private sealed record Node(Witnessing Asks, WitnessDisputes Disputes, WitnessMemory Memory);

    private Node NewNode(string name)
    {
        var options = new AuditOptions { Witnesses = [new WitnessOptions(witness.Address, witness.Witness.Verifier)], MemoryFolder = Path.Combine(folder, name) };
        var memory = new WitnessMemory(options, database.Get<KeyRing>());
        var disputes = new WitnessDisputes(
            database.Database, Logs, database.Get<LogIdentities>(), database.Get<CheckpointSigner>(), database.Get<WitnessStore>(), memory, database.Get<WitnessClient>(), database.Time, NullLogger<WitnessDisputes>.Instance);
        return new Node(
            new Witnessing(
                database.Database, Logs, database.Get<CheckpointSigner>(), database.Get<WitnessStore>(), database.Get<WitnessClient>(), disputes, options, database.Time, NullLogger<Witnessing>.Instance),
            disputes, memory);
    }

    private Witness OpenWitness(NoteVerifier log) =>
        new([log], new WitnessFolder(Path.Combine(folder, "witness")), NoteSigner.Witness("witness.example", WitnessKey, database.Time));

    /// <summary>What is put back here took entries along; a node that has just started doesn't miss them.</summary>
    private NodeTrails Restarted()
    {
        var pulse = new SequencerPulse(database.Time);
        pulse.Beat();
        return new NodeTrails(new Reconciler(database.Database, new ReceiptBook(), new SeenHeads(), database.Get<KeyRing>(), pulse, database.Time), database.Get<PendingAge>());
    }

    private Task<Claims.Checks.Finding> CheckAsync(Node by) => new ImmutableCheck(
        database.Database,
        new TrailWatch(
            database.Database, new HeadMemory(new AuditOptions()), new SeenHeads(), database.Get<KeyRing>(), database.Get<EntryOpener>(), database.Get<EntryBuilder>(), database.Get<TrailReader>(), [], new WatchOptions(), database.Time),
        by.Disputes, Restarted(),
        new AuditOptions { Witnesses = [new WitnessOptions(witness.Address, witness.Witness.Verifier)] }).RunAsync(null!, Stop);

    /// <summary>The witness cosigned a state that is then taken back.</summary>
    /// <param name="keep">Under which name that state is kept.</param>
    private async Task ContradictAsync(string keep = "seen")
    {
        await node.Asks.GatherAsync(Stop);
        await BackUpAsync("before");
        await GrowAsync();
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        await BackUpAsync(keep);
        await RestoreAsync("before");
        await node.Asks.GatherAsync(Stop);
        Assert.True((await RowAsync()).Contradicts);
    }

    /// <summary>Somebody else with the log's key has the head cosigned, straight at the witness.</summary>
    private async Task SubmitAsync(long from)
    {
        await using var session = database.Database.Tenant(await Logs.PresentAsync(Stop));
        var head = (await TenantLog.HeadAsync(session, Stop))!;
        var proof = await new ProofBuilder(new TenantTiles(session), head.Size).ConsistencyAsync(from, Stop);
        var answer = witness.Witness.Add(System.Text.Encoding.UTF8.GetBytes(new AddCheckpoint(from, proof, database.Get<CheckpointSigner>().Sign(head)).ToString()));
        Assert.True(answer.Status == 200, answer.Body);
    }

    private async Task GrowAsync()
    {
        database.Time.Advance(TimeSpan.FromSeconds(1));
        await using (var session = database.Open(tenant))
            await session.RecordAsync(new AuditEvent("order.created"), Stop);
        await database.SequenceAsync(Stop);
        await using (var session = database.Open(tenant))
            await database.Get<RollUpWriter>().RollAsync((await TenantLog.HeadAsync(session, Stop))!, Stop);
        await database.SequenceAsync(Stop);
    }

    private RollUpLogs Logs => database.Get<RollUpLogs>();

    private async Task<LogHead> HeadAsync()
    {
        await using var session = database.Database.Tenant(await Logs.PresentAsync(Stop));
        return (await TenantLog.HeadAsync(session, Stop))!;
    }

    private async Task<Witnessed> RowAsync() => Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values);

    private async Task<IReadOnlyList<TrailEntry>> EventsAsync(string name)
    {
        await database.SequenceAsync(Stop);
        await using var session = database.Database.Tenant(SystemLog.Scope(Actor.System("test")));
        return [.. (await database.Get<TrailReader>().ListAsync(session, null, 100, Stop)).Where(entry => entry.Event == name)];
    }

    // Only the rows of the two logs at hand: the operator's own log is another database's business here.
    private async Task BackUpAsync(string name)
    {
        await TestDatabase.RunAsync(database.Superuser, $"create schema {name}_kept");
        foreach (var table in Tables)
            await TestDatabase.RunAsync(database.Superuser, $"create table {name}_kept.{table} as select * from audit.{table} where tenant_id <> '{SystemLog.Tenant}'");
    }

    private async Task RestoreAsync(string name)
    {
        foreach (var table in Tables)
            await TestDatabase.RunAsync(database.Superuser, $"delete from audit.{table} where tenant_id <> '{SystemLog.Tenant}'; insert into audit.{table} select * from {name}_kept.{table}");
    }
}

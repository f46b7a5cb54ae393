using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Audit.Tests.RollUp;

/// <summary>Witnesses that went back, stall or lie, and whoever writes into their rows and files.</summary>
public sealed partial class Disputed
{
    /// <summary>Its operator restored an old copy of what it cosigned: it answers 409 with a smaller size than the one that the row has.</summary>
    [Fact]
    public async Task A_witness_that_went_back_is_asked_from_where_it_is_and_not_accused()
    {
        await node.Asks.GatherAsync(Stop);
        CopyFolder(Path.Combine(folder, "witness"), Path.Combine(folder, "earlier"));
        await GrowAsync();
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        var log = database.Get<CheckpointSigner>().Verifier((await HeadAsync()).LogId);
        witness.Witness = new Witness([log], new WitnessFolder(Path.Combine(folder, "earlier")), NoteSigner.Witness("witness.example", WitnessKey, database.Time));
        await GrowAsync();
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.Equal((false, null, (await HeadAsync()).Size), (seen.Contradicts, seen.DisputedSince, seen.Size));
        Assert.True((await CheckAsync(node)).Holds);
    }

    /// <summary>A witness that names another size each time is asked three times and no more, and is believed nothing.</summary>
    [Fact]
    public async Task A_witness_that_names_another_size_each_time_is_not_asked_for_ever()
    {
        await GrowAsync();
        await GrowAsync();
        var asks = 0;
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(409, $"{1 + (asks++ % 2)}\n", WitnessAnswer.SizeType));
        await node.Asks.GatherAsync(Stop);
        Assert.InRange(asks, 2, 3);
        Assert.Equal((false, null), ((await RowAsync()).Contradicts, (await RowAsync()).Cosignature));
    }

    [Theory]
    [InlineData(422), InlineData(409), InlineData(404), InlineData(302), InlineData(200)]
    public async Task A_bare_refusal_of_any_kind_accuses_nobody(int status)
    {
        await node.Asks.GatherAsync(Stop);
        await GrowAsync();
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(status, "no\n"));
        await node.Asks.GatherAsync(Stop);
        var seen = await RowAsync();
        Assert.False(seen.Contradicts);
        // Another root, in either version's words, is a dispute until it is proven or lifted; anything else is a witness that is away.
        Assert.Equal(status is 422, seen.DisputedSince is not null);
        witness.Before = () => Task.FromResult<WitnessAnswer?>(null);
        await node.Asks.GatherAsync(Stop);
        Assert.Equal((null, (await HeadAsync()).Size), ((await RowAsync()).DisputedSince, (await RowAsync()).Size));
    }

    [Fact]
    public async Task A_witness_that_takes_too_long_is_away()
    {
        using var left = new CancellationTokenSource();
        witness.Before = async () =>
        {
            // Time passes while it thinks.
            database.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(Timeout.Infinite, left.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        };
        await node.Asks.GatherAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await left.CancelAsync();
        Assert.Equal((false, "It didn't answer in time."), ((await RowAsync()).Contradicts, (await RowAsync()).Trouble));
    }

    /// <summary>Whoever can write the table of witnesses stops neither the checkpoint, nor exports, nor the next ask; and hides no proof.</summary>
    [Fact]
    public async Task Rows_that_somebody_wrote_break_nothing()
    {
        await node.Asks.GatherAsync(Stop);
        var head = await HeadAsync();
        await TestDatabase.RunAsync(database.Superuser, $"""
            update audit.witnesses set cosignature = 'no signature';
            insert into audit.witnesses (name, size, root, cosignature)
            select 'w' || n, {head.Size}, decode('{Convert.ToHexStringLower(head.Root.Bytes)}', 'hex'), '— w' || n || ' AAAAAAAA' from generate_series(1, 200) as n
            """);
        var note = SignedNote.Parse((await node.Asks.CheckpointAsync(Stop))!.ToString());
        Assert.Single(note.Signatures);
        await TestDatabase.RunAsync(database.Superuser, "update audit.witnesses set contradicts = true, theirs = 'no note', ours = 'no note', trouble = 'somebody wrote this'");
        Assert.Contains("somebody wrote this", (await CheckAsync(node)).Message, StringComparison.Ordinal);
        Assert.Empty(node.Memory.Contradictions);
        await GrowAsync();
        witness.Before = () => Task.FromResult<WitnessAnswer?>(new WitnessAnswer(422, "no\n"));
        await node.Asks.GatherAsync(Stop);
        witness.Before = () => Task.FromResult<WitnessAnswer?>(null);
        await node.Asks.GatherAsync(Stop);
        Assert.Equal(2, SignedNote.Parse((await node.Asks.CheckpointAsync(Stop))!.ToString()).Signatures.Count);
    }

    [Fact]
    public async Task The_file_of_one_witness_in_the_place_of_another_s_is_named()
    {
        await ContradictAsync();
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.witnesses");
        var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "one", "witnesses")));
        node.Memory.Keep(new Remembered("other.example", null, null));
        var other = Directory.GetFiles(Path.Combine(folder, "one", "witnesses")).Single(each => each != file);
        File.Copy(other, file, overwrite: true);
        Assert.Contains("was altered", (await CheckAsync(NewNode("one"))).Message, StringComparison.Ordinal);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}

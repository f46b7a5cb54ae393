using System.Diagnostics;
using System.Globalization;
using Vouchsafe.Cli.Witnessing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Cli.Tests.Witnessing;

/// <summary>What a witness keeps in its folder, and that it is alone there.</summary>
public sealed class WitnessKeeping : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-witness-").FullName;
    private readonly string log = new NoteSigner("log.example/roll-up", new Ed25519SigningKey(new byte[32])).Verifier.ToString();

    [Fact]
    public void Its_key_stays_and_only_its_owner_reads_it()
    {
        var first = Open().Verifier.ToString();
        Assert.Equal(first, Open().Verifier.ToString());
        var key = Assert.Single(Directory.GetFiles(folder, "*.key"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Empty(Directory.GetFiles(folder, "*.new"));
    }

    [Fact]
    public void A_damaged_key_is_never_replaced()
    {
        Open();
        var key = Assert.Single(Directory.GetFiles(folder, "*.key"));
        File.WriteAllBytes(key, [1, 2, 3]);
        Assert.Contains("holds no key", Assert.Throws<IOException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(key));
    }

    [Fact]
    public void A_key_whose_memory_is_gone_cosigns_nothing()
    {
        Open();
        Directory.Delete(Path.Combine(folder, "cosigned"), recursive: true);
        Assert.Contains("what this key cosigned", Assert.Throws<IOException>(Open).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The real program is killed at some point of an exchange, is started again, and is shown another history of the same log. Whatever it managed to say before it died, it never says
    /// both.
    /// </summary>
    [Fact]
    public async Task Killed_at_any_point_it_never_cosigns_two_histories()
    {
        var stop = TestContext.Current.CancellationToken;
        NoteSigner[] logs = [.. Enumerable.Range(1, 8).Select(n => new NoteSigner($"log.example/{n}", new Ed25519SigningKey(Enumerable.Repeat((byte)n, 32).ToArray())))];
        using var http = new HttpClient();
        var said = 0;
        foreach (var (killed, round) in logs.Select((each, n) => (each, n)))
        {
            // Each log is killed a little later in its exchange than the one before.
            var first = await AskAndKillAsync(killed, TimeSpan.FromMilliseconds(round * 2));
            var (process, address) = await StartAsync();
            using (process)
            {
                var second = await AskAsync(address, killed, 2);
                Assert.False(first && second, $"Both histories of {killed.Verifier.Name} were cosigned.");
                // What was stored before it died is also what it goes on with: one of the two is cosigned in the end.
                Assert.True(second || await AskAsync(address, killed, 1, old: 1));
                if (first) said++;
                process.Kill();
                await process.WaitForExitAsync(stop);
            }
        }
        TestContext.Current.SendDiagnosticMessage($"{said} of {logs.Length} answered before they were killed.");

        async Task<bool> AskAndKillAsync(NoteSigner by, TimeSpan after)
        {
            var (process, address) = await StartAsync();
            using (process)
            {
                var asking = AskAsync(address, by, 1);
                await Task.WhenAny(asking, Task.Delay(after, TimeProvider.System, stop));
                process.Kill();
                await process.WaitForExitAsync(stop);
                return await asking;
            }
        }

        // A log of one leaf, whose root tells the history.
        async Task<bool> AskAsync(Uri address, NoteSigner by, byte history, int old = 0)
        {
            var head = new Vouchsafe.Transparency.Trees.TreeHead(1, Vouchsafe.Transparency.Trees.TreeHash.Leaf([history]));
            var request = new Vouchsafe.Transparency.Witnessing.AddCheckpoint(old, [], new Checkpoint(by.Verifier.Name, head).Sign(by));
            try
            {
                using var answer = await http.PostAsync(new Uri(address, "/add-checkpoint"), new StringContent(request.ToString()), stop);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        async Task<(Process, Uri)> StartAsync()
        {
            string[] command = ["exec", Path.Combine(AppContext.BaseDirectory, "Vouchsafe.Cli.dll"), "witness", "--data", folder, "--name", "witness.example", "--port", "0",
                .. logs.SelectMany(each => new[] { "--log", each.Verifier.ToString() })];
            var process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
            var line = (await process.StandardOutput.ReadLineAsync(stop))!;
            return (process, new Uri(line.Split(' ')[2].Replace("/add-checkpoint;", "/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_in_words()
    {
        using var alone = WitnessCommand.Alone(folder);
        using var said = new StringWriter();
        var code = await WitnessCommand.Create(said, said).Parse(["--data", folder, "--name", "witness.example", "--log", log, "--port", "0"]).InvokeAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Unable, code);
        Assert.Contains("Another witness works in", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_s_key_that_is_none_is_refused_in_words()
    {
        using var said = new StringWriter();
        var code = await WitnessCommand.Create(said, said).Parse(["--data", folder, "--name", "witness.example", "--log", "nonsense"]).InvokeAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Unable, code);
        Assert.NotEmpty(said.ToString());
    }

    [Fact]
    public async Task It_says_where_it_listens_and_ends_when_told_to()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Vouchsafe.Cli.dll"), "witness", "--data", folder, "--name", "witness.example", "--log", log, "--port", "0"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        Assert.StartsWith("Listening on http://127.0.0.1:", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal($"Key: {Open().Verifier}", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var told = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(15)), "It goes on after SIGTERM.");
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Vouchsafe.Transparency.Witnessing.Witness Open() => WitnessCommand.Open(folder, "witness.example", [log], TimeProvider.System);
}

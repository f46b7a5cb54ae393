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

using System.CommandLine;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Cli.Tests.Commands;

/// <summary>Whatever somebody types, a command ends with one of its codes and a message of its own: never by an exception, and never as if it had looked.</summary>
public sealed class HostileArguments : IDisposable
{
    // Beside each kind's edges, what belongs to another kind. No NUL: the system lets none into an argument.
    private static readonly string[] Values =
    [
        "", " ", "-1", "0", "65536", "2147483648", "99999999999999999999", "NaN", "9000000.00:00:00", "10675199.02:48:05.4775807", "-00:00:01", "1:2:3:4:5", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "/", "/dev/null", "nowhere/at/all", "a+b+c", "++", "@nowhere/at/all", "\uD800", "http://", "https://", "https://[::1", "https://:0",
        "https://h:65536", "file:///etc/passwd", "../..", new string('a', 70_000), "Host=;Port=x", "=", "\"", "Host=nowhere.invalid;Port=1;Timeout=1", "256.256.256.256", "[", "[1]",
    ];

    private static readonly string WitnessKey = NoteSigner.Witness("witness.example", Key(1), new FakeTimeProvider()).Verifier.ToString();
    private static readonly string LogKey = new NoteSigner("log.example", Key(2)).Verifier.ToString();

    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Commands => ["audit verify", "verify", "posture check", "witness", "tenancy lint", "tenancy manifest", "run"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Each option with each value, beside options that make sense; and each value where a file is asked for.</summary>
    [Theory, MemberData(nameof(Commands))]
    public async Task No_argument_gives_an_unhandled_exception(string name)
    {
        var export = Path.Combine(folder, "export");
        await File.WriteAllBytesAsync(export, await new SampleLog(3, (id, n) => SampleEntry.Event(id, n, 1)).ExportAsync(), Stop);
        var command = name.Split(' ').Aggregate((Command)CommandLine.Create(TextWriter.Null, TextWriter.Null), (above, word) => above.Subcommands.Single(below => below.Name == word));
        string[] sound = name switch
        {
            "audit verify" => [export],
            "verify" => ["--file", export],
            "witness" => ["--data", Path.Combine(folder, "witness"), "--name", "w", "--log", "no key"],
            "run" => ["--app", "/no/such.dll", "--data", "/dev/null/no"],
            "tenancy lint" or "tenancy manifest" => ["--connection", "Password=refused"],
            _ => [],
        };
        foreach (var option in command.Options.Where(option => option.Name.StartsWith("--", StringComparison.Ordinal) && option.ValueType != typeof(bool) && option is not System.CommandLine.Help.HelpOption))
        {
            string[] beside = option.Name switch
            {
                "--max-age" or "--quorum" or "--handover" => ["--witness", WitnessKey, "--roll-up", LogKey],
                "--roll-up" => ["--witness", WitnessKey],
                "--witness" => ["--roll-up", LogKey],
                _ => [],
            };
            // Where a value would be good, a cluster would be started.
            foreach (var value in name == "run" ? Values.Where(value => option.Name.Contains("port", StringComparison.Ordinal) ? value != "0" && !value.StartsWith('-') : value.Trim().Length == 0) : Values)
                await EndsAsync([.. name.Split(' '), .. Without(sound, option.Name), .. beside, option.Name, value]);
        }
        if (command.Arguments.Count > 0)
            foreach (var value in Values)
                await EndsAsync([.. name.Split(' '), value]);
    }

    [Theory]
    [InlineData("--max-age 00:00:01", "--max-age goes with --witness.")]
    [InlineData("--max-age 9000000.00:00:00 --witness W --roll-up L", "--max-age is longer than nothing")]
    [InlineData("--max-age -1:00 --witness W --roll-up L", "--max-age is longer than nothing")]
    [InlineData("--witness W", "--witness needs --roll-up")]
    [InlineData("--roll-up L", "--roll-up goes with --witness.")]
    public async Task What_makes_no_sense_of_witnesses_is_misuse(string given, string says)
    {
        using var errors = new StringWriter();
        var file = Path.Combine(folder, "any");
        string[] words = [.. given.Split(' ').Select(word => word switch { "W" => WitnessKey, "L" => LogKey, _ => word })];
        foreach (string[] command in new[] { ["audit", "verify", file], new[] { "verify", "--file", file } })
        {
            Assert.Equal(2, await CommandLine.RunAsync([.. command, .. words], TextWriter.Null, errors));
            Assert.Contains(says, errors.ToString(), StringComparison.Ordinal);
            errors.GetStringBuilder().Clear();
        }
    }

    private static Ed25519SigningKey Key(byte seed) => new([.. Enumerable.Repeat(seed, 32)]);

    private static IEnumerable<string> Without(string[] sound, string option) =>
        Array.IndexOf(sound, option) is >= 0 and var at ? [.. sound[..at], .. sound[(at + 2)..]] : sound;

    private static async Task EndsAsync(string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, errors).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        var shown = string.Join(' ', args.Select(arg => arg.Length > 100 ? arg[..100] : arg));
        Assert.False(errors.ToString().Contains("This should not have happened", StringComparison.Ordinal), $"{shown}: {errors}");
        Assert.True(code is ExitCode.Bad or ExitCode.Unable || args[^2] is "--key" or "--posture", $"{shown} ended with {code}.");
    }
}

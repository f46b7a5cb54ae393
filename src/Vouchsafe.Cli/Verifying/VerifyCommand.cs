using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Verifying;

/// <summary><c>vouchsafe verify --url URL</c>: looks at a running instance from outside, and verifies the evidence of what can only be seen from inside.</summary>
internal static class VerifyCommand
{
    private const int DefaultHttpsPort = 5443, DefaultHttpPort = 5080;
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch, Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TextWriter output, TextWriter progress)
    {
        var url = new Option<Uri?>("--url") { Description = "the instance's https address", CustomParser = Address(Uri.UriSchemeHttps) };
        var file = new Option<string?>("--file") { Description = "a statement that was downloaded from /trust.json, judged offline instead of an instance" }.NotEmpty();
        var at = new Option<DateTimeOffset?>("--at") { Description = "with --file: the time to judge by (2026-01-31T12:00:00Z); default: now" };
        var planned = new Option<bool>("--allow-planned") { Description = "accept a claim that only planned controls keep from being verified" };
        var http = new Option<Uri?>("--http-url") { Description = "its address without TLS, which only redirects; default: port 80, or 5080 beside 5443", CustomParser = Address(Uri.UriSchemeHttp) };
        var nodes = new Option<Uri[]>("--node") { Description = "the https address of one of its nodes; repeat for each", DefaultValueFactory = _ => [], CustomParser = Addresses };
        var posture = new Option<string?>("--posture") { Description = "a posture's name or file; default: the one that the instance names" }.NotEmpty();
        var claims = new Option<string[]>("--claim") { Description = "a claim that must hold; repeat for more; default: all", DefaultValueFactory = _ => [] };
        var key = new Option<string?>("--key") { Description = "the Ed25519 key (base64) that must have signed the instance's statement; default: the one it carries" };
        var witness = new Option<string[]>("--witness")
        {
            Description = "the key of a witness that must have cosigned the log behind the statement, or a file that holds it; repeat for more",
            DefaultValueFactory = _ => [],
        };
        var rollUp = new Option<string?>("--roll-up")
        {
            Description = "with --witness: the key of the instance's roll-up log, as /audit/roll-up/vkey gives it, or a file that holds it",
        };
        var handover = new Option<string[]>("--handover")
        {
            Description = "with --roll-up: a file with hand-overs of that key; repeat for more",
            DefaultValueFactory = _ => [],
        };
        var quorum = new Option<int?>("--quorum") { Description = "how many of the witnesses must have; default: all" };
        var maxAge = new Option<TimeSpan?>("--max-age")
        {
            Description = "how old their cosignatures may be, as days.hours:minutes:seconds or hours:minutes:seconds; default: an hour",
        };
        var json = new Option<bool>("--json") { Description = "one JSON object on standard output" };
        var command = new Command("verify", "Run the outside checks against an instance and verify the evidence of the inside ones") 
        {
            url, file, at, http, nodes, posture, claims, key, planned, witness, rollUp, handover, quorum, maxAge, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is null == result.GetResult(file) is null) result.AddError("Give --url or --file, one of them.");
            WitnessRules.Check(result, witness, rollUp, maxAge);
            var witnesses = result.GetResult(witness) is { Implicit: false } given ? given.Tokens.Count : 0;
            if (witnesses == 0 && result.GetResult(quorum) is not null) result.AddError("--quorum goes with --witness.");
            if (result.GetResult(rollUp) is null && result.GetResult(handover) is { Implicit: false }) result.AddError("--handover goes with --roll-up.");
            if (result.Read(quorum) is { } needed && witnesses > 0 && (needed < 1 || needed > witnesses))
                result.AddError("--quorum is at least 1 and at most as many as there are witnesses.");
            if (result.GetResult(at) is not null && result.GetResult(file) is null) result.AddError("--at goes with --file.");
            if (result.Read(at) is { } moment && (moment < Earliest || moment > Latest)) result.AddError("--at is a time from 1970 to 9000.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            WitnessDemand? witnesses;
            try
            {
                witnesses = await DemandAsync(
                    parsed.GetValue(witness) ?? [], parsed.GetValue(rollUp), parsed.GetValue(handover) ?? [], parsed.GetValue(quorum), parsed.GetValue(maxAge), cancellationToken);
            }
            catch (Exception unable) when (unable is NoteException or IOException or UnauthorizedAccessException)
            {
                await progress.WriteLineAsync(unable.Message);
                return ExitCode.Unable;
            }

            VerifyOptions Asked(CheckTarget? target) => new(target, parsed.GetValue(posture), parsed.GetValue(claims) ?? [], parsed.GetValue(key), parsed.GetValue(json))
            {
                File = parsed.GetValue(file),
                AllowPlanned = parsed.GetValue(planned),
                At = parsed.GetValue(at),
                Witnesses = witnesses,
            };

            if (parsed.GetValue(url) is not { } https) return await RunAsync(Asked(null), output, progress, TimeProvider.System, cancellationToken);
            // Nobody but this machine answers on its own addresses, so a self-made certificate says enough there.
            var target = new CheckTarget(https, parsed.GetValue(http) ?? Plain(https), parsed.GetValue(nodes) is { Length: > 0 } named ? named : [https], https.IsLoopback);
            return await RunAsync(Asked(target), output, progress, TimeProvider.System, cancellationToken);
        });
        return command;
    }

    internal static async Task<int> RunAsync(VerifyOptions options, TextWriter output, TextWriter progress, TimeProvider time, CancellationToken cancellationToken)
    {
        VerifyReport report;
        try
        {
            report = await new Verification(options, progress, options.At is { } at ? new FixedTime(at) : time).RunAsync(cancellationToken);
        }
        catch (Exception unable) when (unable is VerifyException or PostureException or IOException or UnauthorizedAccessException)
        {
            await progress.WriteLineAsync(unable.Message);
            return ExitCode.Unable;
        }
        if (options.Json)
            await output.WriteLineAsync(Json(report, options).ToJsonString(Indented));
        else
            await PrintAsync(report, output);
        // The witnesses were asked for, and there was nothing to look at.
        if (report.Witnesses is { Unread: true }) return ExitCode.Unable;
        return report.Holds(options.AllowPlanned) ? ExitCode.Good : ExitCode.Bad;
    }

    private static JsonObject Json(VerifyReport report, VerifyOptions options) => new()
    {
        ["holds"] = report.Holds(options.AllowPlanned),
        ["posture"] = report.Posture,
        ["postureHash"] = report.PostureHash,
        ["statedHash"] = report.StatedHash,
        ["keyPinned"] = report.KeyPinned,
        ["key"] = report.Key,
        ["fault"] = report.Fault,
        ["witnesses"] = report.Witnesses?.ToJson(),
        ["claims"] = new JsonArray([.. report.Claims.Select(claim => (JsonNode)claim.ToJson())]),
    };

    /// <param name="rollUp">The key of the roll-up log that they must have cosigned.</param>
    /// <param name="handovers">Files with hand-overs of that key.</param>
    /// <exception cref="NoteException">A key is none, or not that of a witness or of a log.</exception>
    internal static async Task<WitnessDemand?> DemandAsync(
        IReadOnlyList<string> witnesses, string? rollUp, IReadOnlyList<string> handovers, int? quorum, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (witnesses.Count == 0) return null;
        var log = await NoteKey.ReadAsync("--roll-up", rollUp ?? "", NoteKeyType.Ed25519, cancellationToken);
        var keys = new List<NoteVerifier>();
        foreach (var text in witnesses)
        {
            var key = await NoteKey.ReadAsync("--witness", text, NoteKeyType.Cosignature, cancellationToken);
            // One that is named twice counts once, or it could make up a quorum by itself.
            if (keys.All(known => known.ToString() != key.ToString())) keys.Add(key);
        }
        if (quorum > keys.Count) throw new NoteException("--quorum is larger than the number of different witnesses.");
        return new WitnessDemand(keys, log, quorum ?? keys.Count, maxAge ?? WitnessDemand.DefaultMaxAge) { Handovers = await HandoverFile.ReadAsync(handovers, cancellationToken) };
    }

    private static async Task PrintAsync(VerifyReport verified, TextWriter output)
    {
        var reports = verified.Claims;
        foreach (var report in reports)
            await output.WriteLineAsync($"{report.Verdict.ToString().ToLowerInvariant(),-8}  {report.Id,-6}  {report.Message}");
        await output.WriteLineAsync(string.Join(", ", reports.GroupBy(report => report.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")));
        foreach (var line in verified.Witnesses?.Lines() ?? []) await output.WriteLineAsync(line);
    }

    private static Func<ArgumentResult, Uri?> Address(string scheme) => result => Parse(result, result.Tokens[0].Value, scheme);

    private static Uri[] Addresses(ArgumentResult result) => [.. result.Tokens.Select(token => Parse(result, token.Value, Uri.UriSchemeHttps)).OfType<Uri>()];

    private static Uri? Parse(ArgumentResult result, string text, string scheme)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == scheme) return address;
        result.AddError($"{text} is not an {scheme} address.");
        return null;
    }

    private static Uri? Plain(Uri https) => https.Port switch
    {
        443 => new UriBuilder(https) { Scheme = Uri.UriSchemeHttp, Port = 80 }.Uri,
        DefaultHttpsPort => new UriBuilder(https) { Scheme = Uri.UriSchemeHttp, Port = DefaultHttpPort }.Uri,
        _ => null,
    };

    /// <summary>A moment that doesn't pass.</summary>
    private sealed class FixedTime(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}

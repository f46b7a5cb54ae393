using System.CommandLine;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Cli.Auditing;

/// <summary><c>vouchsafe audit verify FILE</c>: verifies an export of a trail. Opens that file, and no connection to anywhere.</summary>
internal static class AuditCommand
{
    public static Command Create(TextWriter output, TextWriter progress)
    {
        var file = new Argument<string>("FILE") { Description = "the export; - reads standard input" }.NotEmpty();
        var key = new Option<string?>("--key") { Description = "the log's key (name+id+base64), or a file that holds it; default: the one in the export, which proves only that it is consistent in itself" };
        var previous = new Option<string[]>("--previous") { Description = "a file with an earlier checkpoint of the log, which the export must continue; repeat for more", DefaultValueFactory = _ => [] };
        var witness = new Option<string[]>("--witness") { Description = "the key of a witness that must have cosigned the roll-up log, or a file that holds it; repeat for more", DefaultValueFactory = _ => [] };
        var rollUp = new Option<string?>("--roll-up")
        {
            Description = "with --witness: the key of the instance's roll-up log, as /audit/roll-up/vkey gives it, or a file that holds it",
        };
        var maxAge = new Option<TimeSpan?>("--max-age")
        {
            Description = "with --witness: how old each cosignature may be, as days.hours:minutes:seconds or hours:minutes:seconds",
        };
        var handover = new Option<string[]>("--handover")
        {
            Description = "a file with hand-overs of the log's key, beside those in the export, or of the roll-up log's; repeat for more",
            DefaultValueFactory = _ => [],
        };
        var json = new Option<bool>("--json") { Description = "one JSON object on standard output" };
        var verify = new Command("verify", "Verify an export, offline and without trusting whoever made it") 
        {
            file, key, previous, json, witness, rollUp, maxAge, handover,
        };
        verify.Validators.Add(result => WitnessRules.Check(result, witness, rollUp, maxAge));
        verify.SetAction((parsed, cancellationToken) => RunAsync(
            new(parsed.GetValue(file)!, parsed.GetValue(key), parsed.GetValue(previous) ?? [], parsed.GetValue(json), parsed.GetValue(witness) ?? [],
                parsed.GetValue(maxAge), parsed.GetValue(handover) ?? [], parsed.GetValue(rollUp)),
            Console.OpenStandardInput, output, progress, TimeProvider.System, cancellationToken));
        return new Command("audit", "Verify trails") { verify };
    }

    internal static async Task<int> RunAsync(AuditVerifyOptions options, Func<Stream> input, TextWriter output, TextWriter progress, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var trust = new ExportTrust
            {
                Key = options.Key is { } key ? await NoteKey.ReadAsync("--key", key, NoteKeyType.Ed25519, cancellationToken) : null,
                RollUp = options.RollUp is { } log ? await NoteKey.ReadAsync("--roll-up", log, NoteKeyType.Ed25519, cancellationToken) : null,
                Witnesses = [.. await Task.WhenAll((options.Witnesses ?? []).Select(
                    witness => NoteKey.ReadAsync("--witness", witness, NoteKeyType.Cosignature, cancellationToken)))],
                Previous = [.. await Task.WhenAll(options.Previous.Select(file => NoteAsync("--previous", file, cancellationToken)))],
                Handovers = await HandoverFile.ReadAsync(options.Handovers ?? [], cancellationToken),
                Now = time.GetUtcNow(),
                Progress = new ProgressLine(progress, time),
            };
            await using var export = options.File == "-" ? input() : new FileStream(options.File, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            var report = await ExportVerifier.VerifyAsync(export, trust, cancellationToken);
            var oldest = time.GetUtcNow() - options.MaxAge;
            var stale = report.Cosigned.Any(cosigned => cosigned.At < oldest);
            await output.WriteLineAsync(options.Json ? ReportText.Json(report, oldest) : ReportText.Plain(report, oldest));
            return report.Verdict is ExportVerdict.Tampered or ExportVerdict.SplitView || report.Witnessed < report.WitnessesAsked || stale ? ExitCode.Bad
                : report.Previous == Continuity.Unanswered ? ExitCode.Unable : ExitCode.Good;
        }
        catch (Exception unable) when (unable is ExportException or NoteException or IOException or UnauthorizedAccessException)
        {
            if (options.Json)
                await output.WriteLineAsync(ReportText.Json(unable.Message));
            await progress.WriteLineAsync(unable.Message);
            return ExitCode.Unable;
        }
    }

    private static async Task<SignedNote> NoteAsync(string option, string file, CancellationToken cancellationToken)
    {
        try
        {
            return SignedNote.Parse(await ShortFile.ReadAsync(file, cancellationToken));
        }
        catch (NoteException problem)
        {
            throw new ExportException($"{option} {file}: {problem.Message}");
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Verifying;

/// <summary>Which witnesses must have cosigned what the statement rests on, how many of them, and how recently.</summary>
/// <param name="Keys">The keys of their cosignatures; each counts once.</param>
/// <param name="RollUp">The roll-up log that they must have cosigned. A witness cosigns the logs of many people, and a statement could name any of them.</param>
/// <param name="Quorum">How many of them must have.</param>
/// <param name="MaxAge">How old a cosignature may be.</param>
internal sealed record WitnessDemand(IReadOnlyList<NoteVerifier> Keys, NoteVerifier RollUp, int Quorum, TimeSpan MaxAge)
{
    private const string Another = "The statement shows another roll-up log than the one that was given, and no hand-over leads to its key.";

    /// <summary>A running instance has its log cosigned every minute; an hour leaves room for a witness that was away.</summary>
    public static TimeSpan DefaultMaxAge { get; } = TimeSpan.FromHours(1);

    /// <summary>Hand-overs that lead from the roll-up log's key that is known to its present one.</summary>
    public IReadOnlyList<SignedNote> Handovers { get; init; } = [];

    /// <param name="statement">What the instance states.</param>
    public WitnessReport Judge(Statement statement, DateTimeOffset now)
    {
        var oldest = now - MaxAge;
        var known = statement.RolledUp?.IsOf(RollUp, Handovers, now) == true;
        var cosigned = known ? Cosignatures.Of(SignedNote.Parse(statement.RolledUp!.Checkpoint), Keys, now) : [.. Keys.Select(key => new WitnessTime(key.Name, null))];
        return new WitnessReport(
            [.. cosigned.Select(witness => new WitnessVerdict(witness.Witness, witness.At, witness.At is { } at && at < oldest))], Quorum,
            statement.RolledUp is null ? statement.Fault ?? statement.RollUpFault : known ? null : Another, statement.IsMissing) { RollUp = statement.RolledUp?.VerifierKey };
    }
}

/// <param name="At">When it cosigned; null where there is no valid cosignature of it, or one that is dated in the future.</param>
/// <param name="TooOld">Whether that is longer ago than is allowed.</param>
internal readonly record struct WitnessVerdict(string Witness, DateTimeOffset? At, bool TooOld)
{
    public bool Counts => At is not null && !TooOld;

    public override string ToString() => At is not { } at ? $"{Witness}: no valid cosignature, or one dated in the future"
        : string.Create(CultureInfo.InvariantCulture, $"{Witness}: cosigned at {at:yyyy-MM-dd HH:mm:ss}Z{(TooOld ? ", longer ago than --max-age allows" : "")}");
}

/// <summary>What was found out about the witnesses asked for.</summary>
/// <param name="Fault">Why no cosignature can count; null where they were looked at one by one.</param>
/// <param name="Unread">Whether there was no statement to look at.</param>
internal sealed record WitnessReport(IReadOnlyList<WitnessVerdict> Witnesses, int Quorum, string? Fault, bool Unread)
{
    /// <summary>The key of the roll-up log that the statement shows; null where it shows none that holds its results.</summary>
    public string? RollUp { get; init; }

    public int Count => Witnesses.Count(witness => witness.Counts);

    public bool Holds => Count >= Quorum;

    public JsonObject ToJson() => new()
    {
        ["hold"] = Holds,
        ["quorum"] = Quorum,
        ["fault"] = Fault,
        ["rollUp"] = RollUp,
        ["witnesses"] = new JsonArray([.. Witnesses.Select(witness => (JsonNode)new JsonObject
        {
            ["witness"] = witness.Witness,
            ["at"] = witness.At is { } at ? TrustStatement.Time(at) : null,
            ["tooOld"] = witness.TooOld,
        })]),
    };

    /// <summary>For people: one line, and one for each witness.</summary>
    public IEnumerable<string> Lines() =>
    [
        $"{(Holds ? "verified" : "failed"),-8}  witnesses  {Count} of {Witnesses.Count} cosigned, {Quorum} must have{(Fault is null ? "." : $". {Fault}")}",
        .. RollUp is null ? Array.Empty<string>() : [$"          of the roll-up log {RollUp}"],
        .. Witnesses.Select(witness => $"          {witness}"),
    ];
}

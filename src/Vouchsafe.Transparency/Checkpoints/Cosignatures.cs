namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>When each witness that somebody relies on cosigned a checkpoint (C2SP tlog-cosignature).</summary>
public static class Cosignatures
{
    /// <summary>How far a witness's clock may be ahead of whoever verifies.</summary>
    public static TimeSpan Skew { get; } = TimeSpan.FromMinutes(5);

    /// <param name="now">The present: a cosignature that is dated more than <see cref="Skew"/> later is none; null: not looked at.</param>
    /// <returns>In the order of the witnesses.</returns>
    public static IReadOnlyList<WitnessTime> Of(SignedNote note, IEnumerable<NoteVerifier> witnesses, DateTimeOffset? now) =>
        [.. witnesses.Select(witness => new WitnessTime(witness.Name, At(note, witness, now)))];

    /// <summary>The newest time at which the witness cosigned; null where it didn't, or where a signature under its name and key is wrong.</summary>
    private static DateTimeOffset? At(SignedNote note, NoteVerifier witness, DateTimeOffset? now)
    {
        DateTimeOffset? latest = null;
        foreach (var signature in note.Signatures)
            if (witness.Verify(note.Text, signature, out var time) && time is { } at && !(at > now + Skew) && !(at <= latest)) latest = at;
        return note.IsSignedBy(witness) ? latest : null;
    }
}

/// <param name="At">When it says it cosigned; null where there is no cosignature of it, or one that is dated in the future.</param>
public readonly record struct WitnessTime(string Witness, DateTimeOffset? At);

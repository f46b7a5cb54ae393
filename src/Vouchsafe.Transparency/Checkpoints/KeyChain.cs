namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>The keys of a log from one that is known, each named by the one before. It leads forward alone: whoever knows a newer key learns of no older one.</summary>
public sealed class KeyChain
{
    /// <summary>A log that is handed over every day comes this far in three years.</summary>
    public const int MostHandovers = 1024;

    private KeyChain(IReadOnlyList<NoteVerifier> keys, DateTimeOffset? since) => (Keys, Since) = (keys, since);

    /// <summary>From the known key to the newest.</summary>
    public IReadOnlyList<NoteVerifier> Keys { get; }

    /// <summary>The key that must have signed what is new.</summary>
    public NoteVerifier Newest => Keys[^1];

    /// <summary>Since when the newest key signs; null where it is the known one.</summary>
    public DateTimeOffset? Since { get; }

    /// <param name="known">The key that is known from elsewhere.</param>
    /// <param name="handovers">Those of the log, in any order; what doesn't follow from the known key is passed over.</param>
    /// <param name="now">Hand-overs that begin later don't count yet; null: all count.</param>
    /// <exception cref="NoteException">One is malformed or not signed by both keys, a key hands over twice or too early, or keys hand over in a circle.</exception>
    public static KeyChain From(NoteVerifier known, IReadOnlyCollection<SignedNote> handovers, DateTimeOffset? now = null)
    {
        if (handovers.Count > MostHandovers) throw new NoteException($"There are more than {MostHandovers} key hand-overs.");
        var next = new Dictionary<string, KeyHandover>(StringComparer.Ordinal);
        // Also those that begin later: a key that hands over twice is in other hands already.
        foreach (var handover in handovers.Select(KeyHandover.Open).Where(handover => handover.Origin == known.Name))
            if (!next.TryAdd(handover.Old.ToString(), handover) && next[handover.Old.ToString()].ToText() != handover.ToText())
                throw new NoteException("A key hands over twice: somebody else has it.");
        var keys = new List<NoteVerifier> { known };
        var followed = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset? since = null;
        NoteVerifier? to = null;
        DateTimeOffset? from = null;
        while (next.Remove((to ?? known).ToString(), out var handover))
        {
            if (handover.From < from) throw new NoteException("A key hands over before it was handed over to.");
            if (handover.New.ToString() == known.ToString() || !followed.Add(handover.New.ToString())) throw new NoteException("Keys hand over in a circle.");
            (to, from) = (handover.New, handover.From);
            if (from > now) continue;
            keys.Add(to);
            since = from;
        }
        return new KeyChain(keys, since);
    }

    /// <summary>Whether the newest key signed the note; an older one's signature is not enough.</summary>
    public bool Signs(SignedNote note) => note.IsSignedBy(Newest);

    /// <summary>Whether one of the keys signed it: for what was kept from before a hand-over.</summary>
    public bool Signed(SignedNote note) => Keys.Any(note.IsSignedBy);
}

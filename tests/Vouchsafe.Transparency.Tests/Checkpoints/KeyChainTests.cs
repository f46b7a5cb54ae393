using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Checkpoints;

/// <summary>A known key leads to the ones that follow it, and never to one before, nor to one that somebody else named.</summary>
public sealed class KeyChainTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);
    private static readonly NoteSigner[] Signers = [.. Enumerable.Range(1, 4).Select(n => Signer(n))];

    [Fact]
    public void A_known_key_leads_to_the_newest()
    {
        var chain = KeyChain.From(Signers[0].Verifier, [Handover(1, 2), Handover(0, 1)]);
        Assert.Equal(Signers[..3].Select(signer => signer.Verifier.ToString()), chain.Keys.Select(key => key.ToString()));
        Assert.True(chain.Signs(Note(2)) && chain.Signs(Note(1, 2)));
        // The old key alone is not enough any more; for a checkpoint that was kept from before it is.
        Assert.False(chain.Signs(Note(0)) || chain.Signs(Note(1)) || chain.Signs(Note(0, 1)));
        Assert.True(chain.Signed(Note(0)));
    }

    [Fact]
    public void It_never_leads_back()
    {
        var chain = KeyChain.From(Signers[1].Verifier, [Handover(0, 1)]);
        Assert.Equal(Signers[1].Verifier.ToString(), Assert.Single(chain.Keys).ToString());
        Assert.False(chain.Signs(Note(0)) || chain.Signed(Note(0)));
    }

    [Fact]
    public void What_begins_later_doesn_t_count_yet()
    {
        SignedNote[] handovers = [Handover(0, 1)];
        Assert.Single(KeyChain.From(Signers[0].Verifier, handovers, Start.AddSeconds(-1)).Keys);
        Assert.Equal(2, KeyChain.From(Signers[0].Verifier, handovers, Start).Keys.Count);
    }

    [Fact]
    public void A_key_that_hands_over_twice_and_a_circle_are_refused()
    {
        Assert.Contains("hands over twice", Refused(Handover(0, 1), Handover(0, 2)), StringComparison.Ordinal);
        Assert.Contains("in a circle", Refused(Handover(0, 1), Handover(1, 0)), StringComparison.Ordinal);
        Assert.Equal(2, KeyChain.From(Signers[0].Verifier, [Handover(0, 1), Handover(0, 1)]).Keys.Count);
        // A second that begins in a year shows today that the key is in other hands.
        var later = Signed(0, 2, Start.AddYears(1));
        Assert.Contains("hands over twice", Assert.Throws<NoteException>(
            () => KeyChain.From(Signers[0].Verifier, [Handover(0, 1), later], Start)).Message, StringComparison.Ordinal);
        Assert.Contains("before it was handed over to", Refused(Handover(0, 1), Signed(1, 2, Start.AddDays(-1))), StringComparison.Ordinal);
    }

    private static SignedNote Signed(int old, int next, DateTimeOffset from) =>
        new KeyHandover(Signers[old].Verifier, Signers[next].Verifier, from, from.AddDays(30)).Sign(Signers[old], Signers[next]);

    [Fact]
    public void A_hand_over_needs_both_signatures_and_fits_itself()
    {
        var right = new KeyHandover(Signers[0].Verifier, Signers[1].Verifier, Start, Start.AddDays(30));
        Assert.Equal(right.ToText(), KeyHandover.Open(right.Sign(Signers[0], Signers[1])).ToText());
        Assert.Throws<NoteException>(() => KeyHandover.Open(SignedNote.Sign(right.ToText(), Signers[0])));
        Assert.Throws<NoteException>(() => KeyHandover.Open(SignedNote.Sign(right.ToText(), Signers[1])));
        Assert.Throws<NoteException>(() => KeyHandover.Open(right.Sign(Signer(9), Signers[1])));
        var other = new NoteSigner("other.example/log", new Ed25519SigningKey(new byte[32]));
        foreach (var wrong in new[]
        {
            right.ToText().Replace("1767225600", "01767225600", StringComparison.Ordinal), right.ToText() + "more\n",
            right.ToText().Replace(KeyHandover.Format, "vouchsafe.dev/key-handover/v2", StringComparison.Ordinal),
            (right with { Until = Start.AddSeconds(-1) }).ToText(), (right with { New = right.Old }).ToText(), (right with { New = other.Verifier }).ToText(),
        })
            Assert.Throws<NoteException>(() => KeyHandover.Open(SignedNote.Sign(wrong, Signers[0], Signers[1], other)));
        // No checkpoint is a hand-over, and the reverse.
        Assert.Throws<NoteException>(() => Checkpoint.Parse(right.ToText()));
        Assert.Throws<NoteException>(() => KeyHandover.Open(Note(0)));
    }

    /// <summary>An export signed by the new key: for who knows the old one, the new one, or none; with and without the hand-over.</summary>
    [Fact]
    public async Task An_export_verifies_by_the_old_key_through_its_hand_over()
    {
        var log = new SampleLog(300, (id, n) => SampleEntry.Event(id, n, 1));
        var next = new NoteSigner(log.Key.Name, new Ed25519SigningKey(Enumerable.Repeat((byte)9, 32).ToArray()));
        var handover = new KeyHandover(log.Key, next.Verifier, Start, Start.AddDays(30)).Sign(log.Signer, next).ToString();
        var text = new Checkpoint(log.Key.Name, log.Head).ToText();
        var (both, alone, old) = (SignedNote.Sign(text, log.Signer, next), SignedNote.Sign(text, next), SignedNote.Sign(text, log.Signer));

        Assert.Equal((ExportVerdict.Valid, 1), await VerifyAsync(log, both, next, handover, log.Key));
        Assert.Equal((ExportVerdict.Valid, 1), await VerifyAsync(log, alone, next, handover, log.Key));
        Assert.Equal((ExportVerdict.Valid, 0), await VerifyAsync(log, alone, next, handover, next.Verifier));
        Assert.Equal((ExportVerdict.Valid, 1), await VerifyAsync(log, alone, next, handover, null));
        // The old key's signature alone, after it was handed over; the old key where the new one is known; no hand-over; one that begins tomorrow.
        Assert.Equal(ExportVerdict.Tampered, (await VerifyAsync(log, old, log.Signer, handover, log.Key)).Verdict);
        Assert.Equal(ExportVerdict.Tampered, (await VerifyAsync(log, old, log.Signer, handover, next.Verifier)).Verdict);
        Assert.Equal(ExportVerdict.Tampered, (await VerifyAsync(log, alone, next, null, log.Key)).Verdict);
        Assert.Equal(ExportVerdict.Tampered, (await VerifyAsync(log, alone, next, handover, log.Key, Start.AddDays(-1))).Verdict);
        // Somebody else's new key.
        var thief = Signer(77, log.Key.Name);
        var forged = new KeyHandover(log.Key, thief.Verifier, Start, Start).Sign(Signer(78, log.Key.Name), thief).ToString();
        await Assert.ThrowsAsync<ExportException>(() => VerifyAsync(log, SignedNote.Sign(text, thief), thief, forged, log.Key));
    }

    private static async Task<(ExportVerdict Verdict, int Handovers)> VerifyAsync(SampleLog log, SignedNote note, NoteSigner by, string? handover, NoteVerifier? known, DateTimeOffset? now = null)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var header = await log.HeaderAsync();
        log.Write(new ExportHeader(by.Verifier.ToString(), note.ToString()) { Edge = header.Edge, Frozen = header.Frozen, Handovers = handover is null ? [] : [handover] }, output);
        using var export = new MemoryStream(output.WrittenSpan.ToArray());
        var report = await ExportVerifier.VerifyAsync(export, new ExportTrust { Key = known, Now = now ?? Start.AddDays(1) }, TestContext.Current.CancellationToken);
        return (report.Verdict, report.Handovers);
    }

    private static string Refused(params SignedNote[] handovers) => Assert.Throws<NoteException>(() => KeyChain.From(Signers[0].Verifier, handovers)).Message;

    private static SignedNote Handover(int from, int to) => new KeyHandover(Signers[from].Verifier, Signers[to].Verifier, Start, Start.AddDays(30)).Sign(Signers[from], Signers[to]);

    private static SignedNote Note(params int[] signers) => new Checkpoint(Signers[0].Verifier.Name, TreeHead.Empty).Sign(signers.Select(n => Signers[n]));

    private static NoteSigner Signer(int seed, string name = "log.example/handed-over") => new(name, new Ed25519SigningKey(Enumerable.Repeat((byte)seed, 32).ToArray()));
}

using System.Globalization;
using System.Net;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Asks a witness for its cosignature over HTTP (C2SP tlog-witness).</summary>
internal sealed class WitnessClient(HttpClient http, TimeProvider time)
{
    private const string SizeType = "text/x.tlog.size";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How far a witness's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <exception cref="WitnessException">It didn't answer, or with something else than a cosignature or a size.</exception>
    public async Task<WitnessReply> AskAsync(WitnessOptions witness, AddCheckpoint request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var enough = new CancellationTokenSource(Patience, time);
        await using var ended = enough.Token.Register(patience.Cancel);
        try
        {
            using var asked = new HttpRequestMessage(HttpMethod.Post, new Uri(witness.Url.AbsoluteUri.TrimEnd('/') + "/add-checkpoint"));
            asked.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.ToString()));
            // Of the body, no more is taken than an answer can have.
            using var answer = await http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            await answer.Content.LoadIntoBufferAsync(SignedNote.LongestNote, patience.Token);
            var text = await answer.Content.ReadAsStringAsync(patience.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new WitnessReply(Cosignature(witness.Key, request.Note, text), null),
                HttpStatusCode.Conflict when answer.Content.Headers.ContentType?.MediaType == SizeType
                    && long.TryParse(text.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) => new WitnessReply(null, size),
                // Another root at the same size: 422, and 409 without a size in version 1.0.0 of the protocol.
                HttpStatusCode.Conflict when request.OldSize == Checkpoint.Parse(request.Note.Text).Head.Size => new WitnessReply(null, null),
                HttpStatusCode.UnprocessableEntity => new WitnessReply(null, null),
                var status => throw new WitnessException($"It answered {(int)status}."),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or NoteException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new WitnessException(failure is OperationCanceledException ? "It didn't answer in time." : $"It couldn't be asked, or its answer isn't one: {failure.GetType().Name}.");
        }
    }

    /// <summary>The checkpoint that the witness cosigned last, from its monitoring interface; null where it has none, shows none or doesn't answer.</summary>
    public async Task<SignedNote?> LatestAsync(WitnessOptions witness, string origin, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var enough = new CancellationTokenSource(Patience, time);
        await using var ended = enough.Token.Register(patience.Cancel);
        try
        {
            var prefix = (witness.MonitoringUrl ?? witness.Url).AbsoluteUri.TrimEnd('/');
            using var answer = await http.GetAsync(
                new Uri($"{prefix}/{Sha256.Hash(Encoding.UTF8.GetBytes(origin))}/checkpoint"), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return null;
            await answer.Content.LoadIntoBufferAsync(SignedNote.LongestNote, patience.Token);
            return SignedNote.Parse(await answer.Content.ReadAsByteArrayAsync(patience.Token));
        }
        catch (Exception failure) when (failure is HttpRequestException or NoteException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private NoteSignature Cosignature(NoteVerifier key, SignedNote note, string lines)
    {
        foreach (var signature in SignedNote.ParseSignatures(lines))
            if (key.Verify(note.Text, signature, out var when))
                return when > time.GetUtcNow() + Skew ? throw new WitnessException("Its cosignature is dated in the future.") : signature;
        throw new WitnessException("None of the signatures it answered with is its own over this checkpoint.");
    }
}

/// <summary>What a witness said: a cosignature; how large the log was when it cosigned it last; or, neither, that the checkpoint doesn't continue that.</summary>
/// <param name="Cosignature">Verified; null where it gave none.</param>
/// <param name="Seen">The size of 409; null else.</param>
internal sealed record WitnessReply(NoteSignature? Cosignature, long? Seen);

/// <summary>A witness gave no answer that means anything. The message is for the operator.</summary>
internal sealed class WitnessException(string message) : Exception(message);

using System.Globalization;
using System.Net;
using System.Text;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Asks a witness for its cosignature over HTTP (C2SP tlog-witness).</summary>
internal sealed class WitnessClient(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="WitnessException">It didn't answer, or with something else than a cosignature or a size.</exception>
    public async Task<WitnessReply> AskAsync(WitnessOptions witness, AddCheckpoint request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var address = new Uri(witness.Url.AbsoluteUri.TrimEnd('/') + "/add-checkpoint");
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.ToString()));
            using var answer = await http.PostAsync(address, content, patience.Token);
            await answer.Content.LoadIntoBufferAsync(SignedNote.LongestNote, patience.Token);
            var text = await answer.Content.ReadAsStringAsync(patience.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new WitnessReply(Cosignature(witness.Key, request.Note, text), null),
                HttpStatusCode.Conflict when long.TryParse(text.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) => new WitnessReply(null, size),
                HttpStatusCode.UnprocessableEntity => throw new WitnessException("The log isn't a continuation of what it cosigned before.", rejected: true),
                var status => throw new WitnessException($"It answered {(int)status}."),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or NoteException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new WitnessException(failure is OperationCanceledException ? "It didn't answer in time." : $"It couldn't be asked, or its answer isn't one: {failure.GetType().Name}.");
        }
    }

    private static NoteSignature Cosignature(NoteVerifier key, SignedNote note, string lines) =>
        SignedNote.ParseSignatures(lines).FirstOrDefault(signature => key.Verify(note.Text, signature))
        ?? throw new WitnessException("None of the signatures it answered with is its own over this checkpoint.");
}

/// <summary>What a witness said: a cosignature, or how large the log was when it cosigned it last.</summary>
/// <param name="Cosignature">Verified; null where it gave none.</param>
/// <param name="Seen">Null where it cosigned.</param>
internal sealed record WitnessReply(NoteSignature? Cosignature, long? Seen);

/// <summary>A witness gave no cosignature. The message is for the operator.</summary>
internal sealed class WitnessException(string message, bool rejected = false) : Exception(message)
{
    /// <summary>Whether it holds what it cosigned before against the log.</summary>
    public bool Rejected { get; } = rejected;
}

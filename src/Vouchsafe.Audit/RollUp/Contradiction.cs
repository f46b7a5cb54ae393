using System.Text.Json.Serialization;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Proof that a witness saw another history of the roll-up log than the database holds.</summary>
/// <param name="Theirs">A checkpoint of the log, signed by the log's key and cosigned by the witness's. Neither can have made it up alone.</param>
/// <param name="Ours">The log's signed checkpoint over what the database held when it was found.</param>
internal sealed record Contradiction(string Witness, string Theirs, string Ours, DateTimeOffset FoundAt)
{
    [JsonIgnore]
    public TreeHead TheirHead => Checkpoint.Parse(SignedNote.Parse(Theirs).Text).Head;

    /// <summary>Which roll-up log it is about.</summary>
    [JsonIgnore]
    public string Origin => Checkpoint.Parse(SignedNote.Parse(Theirs).Text).Origin;

    /// <summary>One sentence for the operator.</summary>
    [JsonIgnore]
    public string Sentence
    {
        get
        {
            var (theirs, ours) = (TheirHead, Checkpoint.Parse(SignedNote.Parse(Ours).Text).Head);
            return theirs.Size > ours.Size
                ? $"It cosigned the roll-up log with {theirs.Size} leaves, and the database held {ours.Size}: an older state was put back."
                : $"It cosigned another root of the roll-up log at {theirs.Size} leaves.";
        }
    }
}

using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>The checkpoint of each log that a witness cosigned last. Lasting: a witness that forgets can be shown two histories.</summary>
public interface IWitnessedHeads
{
    /// <summary>The checkpoint with the log's signatures and the witness's; null where nothing of the log was cosigned yet.</summary>
    SignedNote? Find(string origin);

    /// <summary>The same by the SHA-256 of the origin, in lower-case hexadecimal.</summary>
    SignedNote? FindByHash(string originHash);

    /// <summary>Returns when it is stored for good; the cosignature leaves after that.</summary>
    void Keep(string origin, SignedNote cosigned);
}

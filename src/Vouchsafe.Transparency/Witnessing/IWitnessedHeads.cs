using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>What a witness cosigned last of each log. Lasting: a witness that forgets can be shown two histories.</summary>
public interface IWitnessedHeads
{
    /// <summary>Null where nothing of the log was cosigned yet.</summary>
    TreeHead? Find(string origin);

    /// <summary>Returns when it is stored for good; the cosignature leaves after that.</summary>
    void Keep(string origin, TreeHead head);
}

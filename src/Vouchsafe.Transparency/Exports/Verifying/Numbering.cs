namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Holds the numbers that entries claim to those that they have. Whoever takes an entry out and renumbers the rest has altered one
/// place, not all that follow: from a disturbance on, numbers may be off by a constant.
/// </summary>
internal sealed class Numbering
{
    private long offset;
    private bool disturbed;

    /// <summary>Something was found where the next entry stands.</summary>
    public void Disturb() => disturbed = true;

    /// <summary>What an entry with this number would be, if it is numbered as those before it.</summary>
    public long Actual(long claimed) => claimed - offset;

    public bool Accept(long claimed, long actual)
    {
        var fits = claimed - actual == offset || disturbed;
        if (fits)
            offset = claimed - actual;
        disturbed = false;
        return fits;
    }
}

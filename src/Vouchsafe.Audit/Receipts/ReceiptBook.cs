namespace Vouchsafe.Audit.Receipts;

/// <summary>
/// The receipts of this node: a witness that lies in memory, where whoever reaches the database doesn't reach. What was confirmed and then suppressed, by a trigger,
/// by hand or because nothing gives indexes any more, is missed here.
/// </summary>
internal sealed class ReceiptBook
{
    /// <summary>How many are held, about 100 bytes each: what a node at 12,000 appends a second confirms in twenty seconds.</summary>
    private const int Most = 262_144;

    private readonly Lock _guard = new();
    private readonly Dictionary<Guid, Receipt> _open = [];

    /// <summary>Whether some could not be held since the last look: more waited than this node can hold in mind.</summary>
    public bool Overflowed { get; private set; }

    public void Add(in Receipt receipt)
    {
        lock (_guard)
        {
            if (_open.Count < Most)
                _open[receipt.Append] = receipt;
            else
                Overflowed = true;
        }
    }

    public IReadOnlyDictionary<Guid, Receipt> Open()
    {
        lock (_guard)
        {
            Overflowed &= _open.Count >= Most;
            return new Dictionary<Guid, Receipt>(_open);
        }
    }

    /// <summary>Those that were confirmed before a time, the oldest first.</summary>
    public IReadOnlyList<Receipt> Before(DateTimeOffset time)
    {
        lock (_guard)
            return [.. _open.Values.Where(receipt => receipt.At < time).OrderBy(receipt => receipt.At)];
    }

    /// <summary>It stands in its log.</summary>
    public void Settle(Guid append)
    {
        lock (_guard)
            _open.Remove(append);
    }
}

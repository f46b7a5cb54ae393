namespace Vouchsafe.Audit.Sequencing;

/// <summary>Wakes this node's sequencer when an entry was committed on this node.</summary>
/// <remarks>
/// There is no NOTIFY in the business transaction: its queue takes one lock for the whole cluster at commit, which the
/// trail exists to avoid. Each node wakes itself, and looks now and then for what a node left behind that died.
/// </remarks>
internal sealed class SequencerSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        if (_raised.CurrentCount > 0)
            return;
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else raised it in between: it is up, which is all that was asked.
        }
    }

    /// <returns>Whether it was raised; false when the time ran out.</returns>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _raised.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _raised.Dispose();
}

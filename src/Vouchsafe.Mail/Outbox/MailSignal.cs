namespace Vouchsafe.Mail.Outbox;

/// <summary>Wakes this node's delivery when a message was committed on this node. Other nodes find it when they next look.</summary>
internal sealed class MailSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            if (_raised.CurrentCount == 0)
                _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else raised it in between.
        }
    }

    /// <summary>Returns when it is raised, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _raised.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look for what other nodes left, and for what is due again.
        }
    }

    public void Dispose() => _raised.Dispose();
}

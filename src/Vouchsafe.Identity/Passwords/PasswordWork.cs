namespace Vouchsafe.Identity.Passwords;

/// <summary>Counts the iterations that passwords cost within one flow of control, so that equal work can be shown without a stopwatch.</summary>
internal sealed class PasswordWork : IDisposable
{
    private static readonly AsyncLocal<PasswordWork?> Current = new();
    private long iterations;

    private PasswordWork()
    {
    }

    public long Iterations => Interlocked.Read(ref iterations);

    public static PasswordWork Measure() => Current.Value = new PasswordWork();

    public static void Add(long iterations)
    {
        if (Current.Value is { } work) Interlocked.Add(ref work.iterations, iterations);
    }

    public void Dispose() => Current.Value = null;
}

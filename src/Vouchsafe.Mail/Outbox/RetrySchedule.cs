using System.Security.Cryptography;

namespace Vouchsafe.Mail.Outbox;

/// <summary>How long a message waits after an attempt that failed: twice as long each time, up to an hour, and never in step with others.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Max = TimeSpan.FromHours(1);

    /// <param name="attempts">How many were made, at least one.</param>
    /// <returns>Between three quarters and the whole of the step, drawn anew for each message.</returns>
    public static TimeSpan After(int attempts)
    {
        var step = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        return (step < Max ? step : Max) * (0.75 + RandomNumberGenerator.GetInt32(250) / 1000.0);
    }
}

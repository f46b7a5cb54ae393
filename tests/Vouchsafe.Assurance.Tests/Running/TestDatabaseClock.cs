using Vouchsafe.Assurance.Results;
using Vouchsafe.Testing.Time;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>The database's time, which keeps pace with the test's clock.</summary>
internal sealed class TestDatabaseClock(FakeTimeProvider time) : IDatabaseClock
{
    public TimeSpan Ahead { get; set; }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow() + Ahead);
}

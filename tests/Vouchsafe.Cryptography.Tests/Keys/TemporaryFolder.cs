namespace Vouchsafe.Cryptography.Tests.Keys;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vouchsafe-keys-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal sealed class ManualTime : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(TimeSpan by) => now += by.Ticks;
}

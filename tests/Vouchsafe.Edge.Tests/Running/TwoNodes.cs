using Vouchsafe.Claims.Postures;
using Xunit;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>Two nodes of one instance on one database.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly EdgeDatabase database = new();

    internal Posture Posture { get; } = TestPosture.Load("apower-flex");

    internal EdgeNode One { get; private set; } = null!;

    internal EdgeNode Two { get; private set; } = null!;

    internal EdgeDatabase Database => database;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        One = await EdgeNode.StartAsync(database, Posture);
        Two = await EdgeNode.StartAsync(database, Posture);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await database.DisposeAsync();
    }
}

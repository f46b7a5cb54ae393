using Vouchsafe.Assurance.Seen;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>Two nodes on a database of this test's own. The clock stands a day after the acceptance suite's record was written.</summary>
public abstract class OnTwoNodes : IAsyncLifetime
{
    private protected const string Tls = "transport.tls", Hsts = "transport.hsts";

    private protected static readonly TimeSpan Every = TimeSpan.FromMinutes(1), ValidFor = TimeSpan.FromMinutes(5), Timeout = TimeSpan.FromSeconds(30), DrillEvery = TimeSpan.FromDays(1);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected AssuranceDatabase Shared { get; } = new();

    private protected FakeTimeProvider Time => Shared.Time;

    private protected Posture Posture { get; } = PostureFile.Parse("""
        posture: scripted
        extends: baseline
        company: { name: Scripted Ltd, product: Scripted, country: IE, contacts: { security: security@scripted.example } }
        languages: [en]
        claims:
          - { id: SC-01, kind: enforced, area: transport, text: { en: "We speak TLS." }, controls: { transport.tls: {} } }
          - { id: SC-02, kind: enforced, area: transport, text: { en: "And nothing else." }, controls: { transport.tls: {}, transport.hsts: {} } }
          - { id: SC-03, kind: operated, area: assurance, text: { en: "We look." }, controls: { assurance.schedule: { every: 1m, valid-for: 5m, timeout: 30s, drill-every: 1d, red-within: 90d } } }
          - id: SC-04
            kind: published
            area: trust
            text: { en: "We told you." }
            controls: { trust-pages.measures: { page: /trust } }
            withdrawn: { date: 2026-01-31, reason: { en: "We no longer do." } }
        """);

    private protected ScriptedCheck TlsCheck { get; } = new(Tls);

    private protected ScriptedCheck HstsCheck { get; } = new(Hsts);

    private protected TestDatabaseClock DatabaseClock { get; private set; } = null!;

    private protected ScriptedDrill Drill { get; private set; } = null!;

    private protected Node One { get; private set; } = null!;

    private protected Node Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Shared.InitializeAsync();
        Time.Advance(SuiteRecord.Embedded.Of(Tls)!.Value.AddDays(1) - Time.GetUtcNow());
        Drill = new ScriptedDrill(TlsCheck);
        DatabaseClock = new TestDatabaseClock(Time);
        One = await StartAsync();
        Other = await StartAsync();
    }

    /// <summary>A node that starts now, with the same checks and drills.</summary>
    private protected Task<Node> StartAsync(TimeProvider? time = null, Posture? posture = null) =>
        Node.StartAsync(Shared, posture ?? Posture, [TlsCheck, HstsCheck], [Drill], DatabaseClock, time);

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Shared.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

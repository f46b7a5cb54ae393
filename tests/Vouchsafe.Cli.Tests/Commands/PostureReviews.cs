using Vouchsafe.Cli.Postures;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Cli.Tests.Commands;

/// <summary><c>vouchsafe posture check</c> says no to what could be read and yet can't be run, or isn't true yet.</summary>
public sealed class PostureReviews : IDisposable
{
    private readonly string folder = TestCluster.NewFolder();
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_date_to_come_is_refused_until_it_came()
    {
        var day = time.GetUtcNow().AddDays(3).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var text = File.ReadAllText(TestPosture.File("apower-flex")).Replace("extends: backoffice", "extends: baseline", StringComparison.Ordinal);
        var promised = text.Replace("  - id: AF-01\n", $"  - id: AF-01\n    since: {day}\n", StringComparison.Ordinal);
        var withdrawn = text.Replace("  - id: AF-01\n", $"  - id: AF-01\n    withdrawn: {{ date: {day}, reason: {{ en: Gone, et: Läinud }} }}\n", StringComparison.Ordinal);
        Assert.Contains("AF-01 is promised since", Check(promised, 1), StringComparison.Ordinal);
        Assert.Contains("AF-01 is withdrawn on", Check(withdrawn, 1), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(3));
        Check(promised, 0);
        Check(withdrawn, 0);
    }

    [Fact]
    public void Figures_without_which_no_application_starts_are_missed() => Assert.Contains("assurance.schedule", Check("""
        posture: bare
        company: { name: Bare Ltd, product: Bare, country: IE, contacts: { security: security@bare.example } }
        languages: [en]
        claims:
          - { id: BR-01, kind: enforced, area: transport, text: { en: "HTTP redirects." }, controls: { transport.redirect: { status: 308 } } }
        """, 1), StringComparison.Ordinal);

    [Fact]
    public void Nothing_but_withdrawn_claims_is_no_promise() => Assert.Contains("promises nothing", Check("""
        posture: gone
        extends: baseline
        company: { name: Gone Ltd, product: Gone, country: IE, contacts: { security: security@gone.example } }
        languages: [en]
        claims:
          - { id: GN-01, kind: attested, area: people, text: { en: "We answer." }, withdrawn: { date: 2024-01-31, reason: { en: "We closed." } } }
        """, 1), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_was_not_looked_at()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(2, PostureCommand.Check(Path.Combine(folder, "none.yaml"), output, errors, time));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Check(string yaml, int expected)
    {
        var file = Path.Combine(folder, "posture.yaml");
        File.WriteAllText(file, yaml);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = PostureCommand.Check(file, output, errors, time);
        Assert.True(code == expected, $"It ended with {code}: {errors}");
        return errors.ToString();
    }
}

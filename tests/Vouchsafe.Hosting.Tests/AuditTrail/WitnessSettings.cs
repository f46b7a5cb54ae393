using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Hosting.AuditTrail;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Hosting.Tests.AuditTrail;

/// <summary>Who cosigns the roll-up log is read from the configuration, or the start-up ends with what to write there.</summary>
public sealed class WitnessSettings
{
    private static readonly Ed25519SigningKey Key = new(new byte[32]);
    private static readonly string Witness = NoteSigner.Witness("witness.example/w1", Key, TimeProvider.System).Verifier.ToString();

    [Fact]
    public void Each_witness_has_its_address_and_key()
    {
        var read = Options(("0:Url", "https://witness.example/log"), ("0:Key", Witness), ("1:Url", "http://127.0.0.1:5090"), ("1:Key", Witness)).Witnesses;
        Assert.Equal(["https://witness.example/log", "http://127.0.0.1:5090/"], read.Select(witness => witness.Url.AbsoluteUri));
        Assert.All(read, witness => Assert.Equal(Witness, witness.Key.ToString()));
        Assert.Empty(Options().Witnesses);
    }

    [Theory]
    [InlineData("", "Witnesses:0:Url is not a web address")]
    [InlineData("ftp://witness.example", "Witnesses:0:Url is not a web address")]
    [InlineData("witness.example", "Witnesses:0:Url is not a web address")]
    public void An_address_that_is_none_is_named(string url, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => Options(("0:Url", url), ("0:Key", Witness))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_that_is_no_witness_s_is_named()
    {
        foreach (var key in new[] { "", "key", Witness + "A", new NoteSigner("log.example", Key).Verifier.ToString() })
            Assert.Contains("Witnesses:0:Key is not the key of a witness", Assert.Throws<InvalidOperationException>(() => Options(("0:Url", "https://witness.example"), ("0:Key", key))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_mode_comes_from_the_posture_alone()
    {
        Assert.False(Options().Strict);
        Assert.True(Read(Posture("audit.immutable: { index: in-transaction }"), ("Strict", "false")).Strict);
    }

    private static AuditOptions Options(params (string Key, string Value)[] settings) =>
        Read(Posture("audit.immutable: {}"), [.. settings.Select(setting => ("Witnesses:" + setting.Key, setting.Value))]);

    private static AuditOptions Read(Posture posture, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Vouchsafe:Audit:" + setting.Key, (string?)setting.Value))).Build());
        new AuditModule().Register(services, posture);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<AuditOptions>();
    }

    private static Posture Posture(string control) => PostureFile.Parse(
        $$"""
        posture: witnessed
        extends: baseline
        company: { name: Witnessed Ltd, product: Witnessed, country: IE, contacts: { security: security@witnessed.example } }
        languages: [en]
        claims: [{ id: WT-01, kind: enforced, area: audit, text: { en: "We record." }, controls: { {{control}} } }]
        """);
}

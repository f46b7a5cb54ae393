using System.Text.RegularExpressions;
using Xunit;

namespace Vouchsafe.Architecture.Tests;

/// <summary>A process's arguments are read by every account of the machine, and stay in shells' histories: no secret is ever one.</summary>
public sealed partial class SecretArguments
{
    [Fact]
    public void No_option_or_argument_of_a_command_is_a_secret()
    {
        var offenders = RepositoryRoot.Files("*.cs")
            .Where(file => RepositoryRoot.Relative(file).StartsWith("src", StringComparison.Ordinal) || RepositoryRoot.Relative(file).StartsWith("samples", StringComparison.Ordinal))
            .SelectMany(file => Option().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
                .Where(name => Secret().IsMatch(name) && !name.EndsWith("-file", StringComparison.Ordinal)).Select(name => $"{RepositoryRoot.Relative(file)}: {name}"));
        Assert.Empty(offenders);
    }

    [Theory]
    [InlineData("""new Option<string>("--password")""")]
    [InlineData("""new Option<string?>("--api-token") { Required = true }""")]
    [InlineData("""new Argument<string>("SECRET")""")]
    [InlineData("""new Option<string>("--root-key-passphrase")""")]
    public void A_secret_would_be_seen(string code) => Assert.Matches(Secret(), Option().Match(code).Groups["name"].Value);

    [GeneratedRegex(@"new (?:Option|Argument)<[^>]+>\(\s*""(?<name>[^""]+)""")]
    private static partial Regex Option();

    [GeneratedRegex("pass(word|wd|phrase)|secret|token|credential|private|root-key|signing-key|api-?key", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}

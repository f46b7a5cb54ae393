using Vouchsafe.Cli.Postures;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary>A server that is judged names a posture, and never a file.</summary>
public sealed class NamedPostures
{
    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/dev/zero")]
    [InlineData("../apower-flex")]
    [InlineData("postures/apower-flex.yaml")]
    [InlineData("apower-flex\n\u001b[2Jverified AF-01")]
    [InlineData("")]
    public void A_path_is_no_name_and_is_not_repeated(string name)
    {
        var refused = Assert.Throws<FileNotFoundException>(() => PostureFinder.LoadNamed(name));
        Assert.Contains("--posture", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Message);
    }
}

using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Identity.Passwords;
using Xunit;

namespace Vouchsafe.Identity.Tests.Passwords;

public sealed class PasswordHasherTests
{
    private static readonly PasswordHashOptions Figures = new(2000, 32, 32);
    private static readonly PasswordHashOptions Weaker = new(500, 32, 32);

    private readonly PasswordHasher hasher = new(new PasswordOptions(Figures));

    [Fact]
    public void The_right_password_is_right_and_another_is_wrong()
    {
        var stored = hasher.Hash("correct horse");
        Assert.Equal(PasswordVerdict.Right, hasher.Verify("correct horse", stored));
        Assert.Equal(PasswordVerdict.Wrong, hasher.Verify("correct horsf", stored));
        Assert.Equal(PasswordVerdict.Wrong, hasher.Verify("", stored));
        Assert.Equal(PasswordVerdict.Wrong, hasher.Verify("correct horse", null));
    }

    [Fact]
    public void A_weaker_hash_verifies_and_asks_to_be_made_anew()
    {
        var stored = PasswordHash.Create("correct horse", Weaker).ToString();
        Assert.Equal(PasswordVerdict.RightButWeak, hasher.Verify("correct horse", stored));
        Assert.Equal(PasswordVerdict.Wrong, hasher.Verify("wrong", stored));
    }

    [Theory]
    [InlineData("no account")]
    [InlineData("wrong password")]
    [InlineData("wrong password, weaker hash")]
    [InlineData("right password")]
    public void Each_outcome_costs_the_same_iterations(string which)
    {
        var (password, stored) = which switch
        {
            "no account" => ("correct horse", null),
            "wrong password" => ("wrong horse", hasher.Hash("correct horse")),
            "wrong password, weaker hash" => ("wrong horse", PasswordHash.Create("correct horse", Weaker).ToString()),
            _ => ("correct horse", hasher.Hash("correct horse")),
        };
        using var work = PasswordWork.Measure();
        hasher.Verify(password, stored);
        Assert.Equal(Figures.Iterations, work.Iterations);
    }

    [Fact]
    public async Task Work_is_counted_for_the_flow_that_asked_alone()
    {
        using var work = PasswordWork.Measure();
        Task other;
        using (ExecutionContext.SuppressFlow())
            other = Task.Run(() => hasher.Hash("of another flow"), TestContext.Current.CancellationToken);
        await other;
        Assert.Equal(0, work.Iterations);
    }
}

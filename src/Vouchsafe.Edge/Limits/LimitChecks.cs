using Vouchsafe.Claims.Checks;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Hosting.Limits;

namespace Vouchsafe.Edge.Limits;

/// <summary>Tries to sign in more often than allowed; then asks everything else that verifies a password or takes an address, which is counted as one with it.</summary>
/// <remarks>
/// Inside the application it also looks whether each endpoint that takes a password, a link or an address counts attempts by account or address: of many clients
/// together each has the limit of its own.
/// </remarks>
public sealed class SignInLimitCheck : ICheck
{
    private readonly IAttemptProbes? probes;

    /// <summary>For whoever has nothing but an address.</summary>
    public SignInLimitCheck()
    {
    }

    public SignInLimitCheck(IServiceProvider services) => probes = services.GetService<IAttemptProbes>();

    /// <summary>Where else the same attempts are counted. A path that the instance doesn't serve is passed over.</summary>
    internal static IReadOnlyList<string> Paths { get; } =
    [
        "/sign-in", "/api/auth/refresh", "/api/sign-up", "/sign-up", "/api/sign-up/confirm", "/sign-up/confirm", "/api/invitations/view", "/api/invitations/accept",
        "/invitation", "/api/account/password", "/account/password", "/api/account/reset", "/reset", "/api/account/reset/complete", "/reset/confirm",
        "/api/subscription/cancel", "/account/cancel", "/api/account/confirm", "/account/confirm",
    ];

    public string Control => ClientLimit.SignInControl;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var finding = await LimitProbe.RunAsync(
            context, LimitSet.Read(context.Figures, "attempts"), HttpMethod.Post, EveryKindOfAnswer.SignInPath, cancellationToken, Paths);
        if (!finding.Holds || probes is null) return finding;
        // From one address of this machine's own the client's limit would answer for each of them.
        if (!context.Target.Https.IsLoopback) return Finding.Held(finding.Message + " Attempts by account weren't looked at: this node isn't asked from its own machine.", finding.Seen);
        var tried = 0;
        await foreach (var (endpoint, fault) in probes.TryAsync(context.Target, cancellationToken))
        {
            tried++;
            if (fault is not null) return Finding.Broken($"{endpoint} {fault}: whoever guesses from many addresses isn't stopped there.", finding.Seen);
        }
        return Finding.Held($"{finding.Message} {tried} endpoints that take a password, a link or an address count attempts by account or address.", finding.Seen);
    }
}

/// <summary>Asks the API more often than allowed. Inside the application <see cref="ApiLimitsCheck"/> does this and more.</summary>
public sealed class ApiLimitCheck : ICheck
{
    public string Control => ClientLimit.ApiControl;

    public Vantage Vantage => Vantage.Outside;

    public Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken) =>
        LimitProbe.RunAsync(context, LimitSet.Read(context.Figures, "requests"), HttpMethod.Get, EveryKindOfAnswer.ApiPath, cancellationToken);
}

/// <summary>Calls the set-up endpoint more often than allowed.</summary>
public sealed class SetupLimitCheck : ICheck
{
    public string Control => ClientLimit.SetupControl;

    public Vantage Vantage => Vantage.Outside;

    public Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken) =>
        LimitProbe.RunAsync(context, LimitSet.Read(context.Figures, "calls"), HttpMethod.Post, EveryKindOfAnswer.SetupPath, cancellationToken);
}

using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Limits;

/// <summary>Tries to sign in more often than allowed; then asks everything else that verifies a password or takes an address, which is counted as one with it.</summary>
public sealed class SignInLimitCheck : ICheck
{
    /// <summary>Where else the same attempts are counted. A path that the instance doesn't serve is passed over.</summary>
    internal static IReadOnlyList<string> Paths { get; } =
    [
        "/sign-in", "/api/auth/refresh", "/api/sign-up", "/sign-up", "/api/sign-up/confirm", "/sign-up/confirm", "/api/invitations/view", "/api/invitations/accept",
        "/invitation", "/api/account/password", "/account/password", "/api/account/reset", "/reset", "/api/account/reset/complete", "/reset/confirm",
        "/api/subscription/cancel", "/account/cancel", "/api/account/confirm", "/account/confirm",
    ];

    public string Control => ClientLimit.SignInControl;

    public Vantage Vantage => Vantage.Outside;

    public Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken) =>
        LimitProbe.RunAsync(context, LimitSet.Read(context.Figures, "attempts"), HttpMethod.Post, EveryKindOfAnswer.SignInPath, cancellationToken, Paths);
}

/// <summary>Asks the API more often than allowed.</summary>
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

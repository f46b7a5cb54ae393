using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Limits;

/// <summary>Tries to sign in more often than allowed.</summary>
public sealed class SignInLimitCheck : ICheck
{
    public string Control => ClientLimit.SignInControl;

    public Vantage Vantage => Vantage.Outside;

    public Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken) =>
        LimitProbe.RunAsync(context, LimitSet.Read(context.Figures, "attempts"), HttpMethod.Post, EveryKindOfAnswer.SignInPath, cancellationToken);
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

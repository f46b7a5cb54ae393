using Vouchsafe.Identity.Passwords;

namespace Vouchsafe.Access.Running;

/// <summary>The same host with the posture's own figures: for tests of what a password costs.</summary>
public sealed class CostlyAccessHost : AccessHost
{
    private protected override PasswordOptions Passwords => PasswordOptions.From(Posture);
}

namespace Vouchsafe.Postgres.Linting;

/// <summary>Something in the catalogue through which one tenant could reach or notice another.</summary>
/// <param name="Rule">The rule's name, as the documentation lists it: <c>table.force</c>.</param>
/// <param name="Object">The table, policy, function or role.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record LintFinding(string Rule, string Object, string Message, string Remedy)
{
    public override string ToString() => $"{Rule}: {Object}: {Message} {Remedy}";
}

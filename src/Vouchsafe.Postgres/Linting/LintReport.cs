namespace Vouchsafe.Postgres.Linting;

/// <summary>What the linter found, and what it couldn't look at.</summary>
/// <param name="Findings">Ordered by rule and object; none where the schema is sound.</param>
/// <param name="Unseen">What this login, or any login, can't see from inside the database, in a phrase each.</param>
public sealed record LintReport(IReadOnlyList<LintFinding> Findings, IReadOnlyList<string> Unseen);

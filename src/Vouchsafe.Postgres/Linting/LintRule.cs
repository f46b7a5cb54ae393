namespace Vouchsafe.Postgres.Linting;

/// <summary>One thing that must not be in the catalogue.</summary>
/// <param name="Query">Returns object and message for each place where it is. Sees the views of <see cref="Catalogue"/>.</param>
internal sealed record LintRule(string Name, string Remedy, string Query);

namespace Vouchsafe.Hosting.Problems;

/// <summary>What is wrong with one field: a code for programs and pages, and a sentence for developers who read the answer.</summary>
/// <param name="Code">One of <see cref="FieldCode"/>, or a code of the field's own.</param>
public sealed record FieldProblem(string Code, string Wanted);

/// <summary>What can be wrong with any field.</summary>
public static class FieldCode
{
    public const string Required = "required";
    public const string TooShort = "too-short";
    public const string TooLong = "too-long";

    /// <summary>It isn't of the form that is asked for.</summary>
    public const string Form = "form";

    /// <summary>It is of the right form, and there is nothing of this name.</summary>
    public const string Unknown = "unknown";
}

public static class FieldProblemExtensions
{
    /// <summary>For the address of the page that shows the form again: <c>code:required,country:unknown</c>.</summary>
    public static string InAddress(this IEnumerable<KeyValuePair<string, FieldProblem>> problems) =>
        string.Join(',', problems.OrderBy(problem => problem.Key, StringComparer.Ordinal)
            .Select(problem => $"{problem.Key}:{problem.Value.Code}"));
}

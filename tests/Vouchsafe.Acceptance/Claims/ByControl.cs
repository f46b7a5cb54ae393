using Xunit.Sdk;
using Xunit.v3;

namespace Vouchsafe.Acceptance.Claims;

/// <summary>
/// Orders the rows of a <see cref="ClaimSuite{TRunning}"/> by control, and each control's own row first: so the green after one
/// sabotage is mended is seen just before the next one breaks.
/// </summary>
public sealed class ByControl : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
    [
        .. testCases.OrderBy(test => Row(test).ElementAtOrDefault(1), StringComparer.Ordinal)
            .ThenBy(test => Row(test).Count)
            .ThenBy(test => test.TestCaseDisplayName, StringComparer.Ordinal),
    ];

    // Claim, control and, where it is broken, the sabotage.
    private static List<string?> Row(ITestCase test) =>
        test is XunitTestCase { TestMethodArguments: var arguments } ? [.. arguments.Select(argument => argument as string)] : [];
}

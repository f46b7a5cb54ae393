using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What an instance says of itself at /trust.json.</summary>
internal sealed class Statement
{
    /// <summary>Why nothing in it counts; null where it does.</summary>
    public string? Fault { get; } = "The instance's own statement isn't read yet.";

    public string? Posture => null;

    public string? PostureHash => null;

    public static Task<Statement> ReadAsync(Instance instance, string? key, TimeProvider time, CancellationToken cancellationToken) => Task.FromResult(new Statement());

    public DateTimeOffset? LastRedAt(string claim) => null;

    public Task<ControlReport> ControlAsync(string control, Instance instance, CancellationToken cancellationToken) =>
        Task.FromResult(new ControlReport(control, Verdict.Unknown, null, null, $"{control} is only seen from inside."));
}

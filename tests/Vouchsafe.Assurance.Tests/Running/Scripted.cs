using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>A control that is a flag, and its check, which counts.</summary>
internal sealed class ScriptedCheck(string control) : ICheck
{
    private int looks, now, most;

    public string Control => control;

    public Vantage Vantage => Vantage.Inside;

    /// <summary>Whether the control is whole.</summary>
    public bool Whole { get; set; } = true;

    /// <summary>What the check does instead of looking at the flag.</summary>
    public Func<CheckContext, CancellationToken, Task<Finding>>? Script { get; set; }

    public int Looks => looks;

    /// <summary>How many looks went on at one time, at most.</summary>
    public int MostAtOnce => most;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref looks);
        var at = Interlocked.Increment(ref now);
        most = Math.Max(most, at);
        try
        {
            await Task.Yield();
            return Script is { } script ? await script(context, cancellationToken) : Look();
        }
        finally
        {
            Interlocked.Decrement(ref now);
        }
    }

    public Finding Look() => Whole ? Finding.Held($"{control} is whole.") : Finding.Broken($"{control} is broken: somebody cut it.");
}

/// <summary>Cuts the flag of a control.</summary>
internal sealed class ScriptedDrill(ScriptedCheck check) : IDrill
{
    public string Control => check.Control;

    public string Expected { get; set; } = "somebody cut it";

    public Func<Task<string?>>? Breaking { get; set; }

    public Func<Task>? Mending { get; set; }

    public int Mended { get; private set; }

    public Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        if (Breaking is { } breaking) return breaking();
        check.Whole = false;
        return Task.FromResult<string?>("a flag was cut");
    }

    public Task MendAsync(CancellationToken cancellationToken)
    {
        Mended++;
        if (Mending is { } mending) return mending();
        check.Whole = true;
        return Task.CompletedTask;
    }
}

namespace Vouchsafe.Tenants.Canaries;

/// <param name="Name">What it is there for.</param>
/// <param name="Registration">Its number in the company register; none that a register gives out.</param>
internal sealed record Canary(string Name, string Registration)
{
    /// <summary>Subscribed for good; for checks of whatever a customer in good standing can do.</summary>
    public static readonly Canary Lasting = new("lasting", "VOUCHSAFE0");

    /// <summary>In the last hour of its trial.</summary>
    public static readonly Canary Trying = new("trying", "VOUCHSAFE1");

    /// <summary>In the first hour after its trial.</summary>
    public static readonly Canary Ended = new("ended", "VOUCHSAFE2");

    /// <summary>Cancels at every look.</summary>
    public static readonly Canary Leaving = new("leaving", "VOUCHSAFE3");

    public string Code => "vouchsafe-" + Name;
}

using Vouchsafe.Identity.Sessions;

namespace Vouchsafe.Identity.Devices;

/// <summary>
/// What a client shows of the devices that accounts trust: one token for each account that signed in there, the
/// newest first.
/// </summary>
internal sealed record DeviceTokens(IReadOnlyList<Secret> All)
{
    /// <summary>Accounts that one browser remembers; of more the oldest is forgotten.</summary>
    private const int MaxTokens = 4;

    private const char Separator = '.';

    public static readonly DeviceTokens None = new([]);

    public static DeviceTokens Parse(string? text) => string.IsNullOrEmpty(text) || text.Length > 1024
        ? None
        : new([.. text.Split(Separator, MaxTokens + 1).Take(MaxTokens).Select(Secret.Parse).OfType<Secret>()]);

    public DeviceTokens With(Secret newest) => new([newest, .. All.Take(MaxTokens - 1)]);

    public string Text => string.Join(Separator, All.Select(token => token.Text));

    public override string ToString() => $"{All.Count} device tokens";
}

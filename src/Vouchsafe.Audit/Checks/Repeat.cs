namespace Vouchsafe.Audit.Checks;

/// <summary>Entries that stand in a log once more.</summary>
/// <param name="First">The index of the first of them.</param>
/// <param name="Second">Where they begin again.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct Repeat(long First, long Second, long Count)
{
    /// <param name="log">As messages name it.</param>
    public string Say(string log) => Count == 1
        ? $"entry {Second} of {log} is entry {First} once more"
        : $"entries {Second} to {Second + Count - 1} of {log} are entries {First} to {First + Count - 1} once more";
}

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Nothing can be said: what was given is no export, or no earlier checkpoint of its log. Tells which rule, and in which line; repeats
/// nothing of what was given.
/// </summary>
public sealed class ExportException(string message) : Exception(message);

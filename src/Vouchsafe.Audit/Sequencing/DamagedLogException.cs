namespace Vouchsafe.Audit.Sequencing;

/// <summary>A log's stored parts contradict each other. Nothing is appended to such a log until somebody has looked at it.</summary>
public sealed class DamagedLogException(string message) : Exception(message);

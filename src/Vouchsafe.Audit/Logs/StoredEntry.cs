namespace Vouchsafe.Audit.Logs;

/// <summary>An entry as it lies in the log.</summary>
/// <param name="Index">Its place in the log, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="Leaf">What the log commits to; null where the row is gone.</param>
/// <param name="Sealed">What opens the commitments; null where the row is gone.</param>
internal sealed record StoredEntry(long Index, Guid Id, byte[]? Leaf, byte[]? Sealed);

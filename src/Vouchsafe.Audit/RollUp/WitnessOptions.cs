using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.RollUp;

/// <summary>A witness that somebody else runs.</summary>
/// <param name="Url">Its submission prefix (C2SP tlog-witness): <c>add-checkpoint</c> is asked below it.</param>
/// <param name="Key">The key of its cosignatures.</param>
/// <param name="MonitoringUrl">Its monitoring prefix, below which it shows what it cosigned last; null: the same.</param>
public sealed record WitnessOptions(Uri Url, NoteVerifier Key, Uri? MonitoringUrl = null);

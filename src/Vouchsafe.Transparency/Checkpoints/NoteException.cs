namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>A signed note, a checkpoint or a verifier key isn't well-formed. The message says what is wrong and repeats none of it.</summary>
public sealed class NoteException(string message) : Exception(message);

namespace Vouchsafe.Audit.Trail;

/// <summary>A person's action was to be recorded without the address it came from. An entry answers who, what, when and from where, or is none.</summary>
public sealed class UnattributedEventException(string eventName)
    : InvalidOperationException($"The event {eventName} of a person can't be recorded without an address: open the session with the caller's scope.");

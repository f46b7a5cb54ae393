namespace Vouchsafe.Audit.Trail;

/// <summary>Committed entries can't get their index now, so that whatever promises to hold all of them can't be made. Try again in some seconds.</summary>
/// <param name="waiting">How many appends wait.</param>
public sealed class TrailBusyException(int waiting) : Exception($"{waiting} committed appends of the tenant have no index, and can't get one now.");

using Npgsql;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Postgres.Health;

/// <summary>What this process's sessions learn by the way: whether the server lately had no room for what it was to write.</summary>
internal sealed class WriteFailures
{
    private int _suspected;

    /// <summary>Whether a write failed for want of room since one that needs room last succeeded.</summary>
    public bool Suspected => Volatile.Read(ref _suspected) != 0;

    public void Note(Exception failure)
    {
        if (failure is DatabaseRefusedException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError })
            Volatile.Write(ref _suspected, 1);
    }

    public void Clear() => Volatile.Write(ref _suspected, 0);
}

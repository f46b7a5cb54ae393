using Npgsql;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>What the server says it did for each statement of a batch (the tag of CommandComplete), and whether anything of that can outlive the session.</summary>
/// <remarks>
/// Each command of a batch is one statement, whatever its text says: the extended protocol parses no second one. Reading and changing rows leaves nothing on a
/// connection. PREPARE, DEALLOCATE, SET, LISTEN, DECLARE … WITH HOLD, COPY, DO, LOCK, BEGIN and all the rest have other tags. What a SELECT can
/// leave, it leaves by functions that run-time logins may not execute (Roles/harden.sql).
/// </remarks>
internal static class Answers
{
    /// <param name="thrown">What ended the batch early, or null.</param>
    /// <returns>True where each statement that ran was seen to read or change rows alone.</returns>
    internal static bool AreOfRows(NpgsqlBatch batch, Exception? thrown)
    {
        // The server carries out a batch in order and answers each statement. Where it reported an error, the first without an answer failed, and those after
        // it didn't run; what came before it did, and PREPARE outlives a rollback. Without such a report an answer is missing because nobody saw it.
        var refused = thrown is PostgresException or { InnerException: PostgresException };
        foreach (NpgsqlBatchCommand command in batch.BatchCommands)
            switch (command.StatementType)
            {
                case StatementType.Select or StatementType.Insert or StatementType.Update or StatementType.Delete or StatementType.Merge or StatementType.Call:
                    continue;
                case StatementType.Unknown:
                    return refused;
                default:
                    return false;
            }

        return true;
    }
}

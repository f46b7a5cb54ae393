using Npgsql;

namespace Vouchsafe.Postgres.Errors;

/// <summary>From the driver's exceptions to ours. The driver's are not kept inside: their messages may quote values.</summary>
internal static class Translation
{
    internal static Exception Of(Exception thrown, bool wasOpen, CancellationToken cancellationToken) => thrown switch
    {
        OperationCanceledException => new OperationCanceledException("The statement was cancelled.", cancellationToken),
        PostgresException refused => new DatabaseRefusedException(RefusalOf(refused.SqlState), refused.SqlState, refused.SchemaName, refused.TableName, refused.ConstraintName),
        NpgsqlException { InnerException: TimeoutException } => new DatabaseRefusedException(Refusal.TooSlow, PostgresErrorCodes.QueryCanceled, null, null, null),
        NpgsqlOperationInProgressException => new SessionMisuseException("Another statement of this session is still running."),
        NpgsqlException broken => new DatabaseUnreachableException(wasOpen, broken.IsTransient),
        System.Net.Sockets.SocketException or IOException => new DatabaseUnreachableException(wasOpen, true),
        _ => thrown,
    };

    internal static Refusal RefusalOf(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.UniqueViolation => Refusal.Duplicate,
        PostgresErrorCodes.ForeignKeyViolation => Refusal.Reference,
        PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.ExclusionViolation => Refusal.Constraint,
        PostgresErrorCodes.InsufficientPrivilege => Refusal.Denied,
        "VS004" => Refusal.ActorDenied,
        PostgresErrorCodes.ReadOnlySqlTransaction => Refusal.ReadOnly,
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => Refusal.Conflict,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => Refusal.TooSlow,
        // Shut down, crashed, starting, dropped or too long idle; then whole classes: connections, resources, the system below.
        _ when sqlState.StartsWith("57P", StringComparison.Ordinal) || sqlState[..2] is "08" or "53" or "58" => Refusal.TooBusy,
        // The login or the database isn't there (any more): a restore or a rotation is under way, and no statement's mistake.
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName => Refusal.TooBusy,
        _ when sqlState.StartsWith("22", StringComparison.Ordinal) => Refusal.BadValue,
        _ => Refusal.Other,
    };
}

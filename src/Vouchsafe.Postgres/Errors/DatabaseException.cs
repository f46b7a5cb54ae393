namespace Vouchsafe.Postgres.Errors;

/// <summary>Something went wrong between a session and its database. No message carries a statement or a value.</summary>
public abstract class DatabaseException : Exception
{
    private protected DatabaseException(string message) : base(message)
    {
    }

    /// <summary>True where the same work, begun anew, may succeed.</summary>
    public abstract bool MayRetry { get; }
}

/// <summary>The server refused a statement.</summary>
public sealed class DatabaseRefusedException : DatabaseException
{
    internal DatabaseRefusedException(Refusal refusal, string sqlState, string? schema, string? table, string? constraint)
        : base($"The database refused a statement: {refusal} ({sqlState}){On(schema, table)}{By(constraint)}.") =>
        (Refusal, SqlState, Table, Constraint) = (refusal, sqlState, table is null ? null : $"{schema}.{table}", constraint);

    public Refusal Refusal { get; }

    /// <summary>The five characters of SQLSTATE.</summary>
    public string SqlState { get; }

    /// <summary>The table, with its schema, where the server names one.</summary>
    public string? Table { get; }

    /// <summary>The name of the constraint that was violated.</summary>
    public string? Constraint { get; }

    public override bool MayRetry => Refusal is Refusal.Conflict or Refusal.TooBusy;

    private static string On(string? schema, string? table) => table is null ? "" : $", table {schema}.{table}";

    private static string By(string? constraint) => constraint is null ? "" : $", constraint {constraint}";
}

/// <summary>Why a statement was refused.</summary>
public enum Refusal
{
    /// <summary>Anything that isn't one of the others.</summary>
    Other,

    /// <summary>A unique or primary key exists already (23505).</summary>
    Duplicate,

    /// <summary>A foreign key points nowhere, or something points here (23503).</summary>
    Reference,

    /// <summary>A check, not-null or exclusion constraint (23514, 23502, 23P01).</summary>
    Constraint,

    /// <summary>Row-level security or a missing grant (42501).</summary>
    Denied,

    /// <summary>A function of the application found that the actor has no right to it (VS004): it was taken away since the request was let in.</summary>
    ActorDenied,

    /// <summary>A write in a read-only transaction (25006).</summary>
    ReadOnly,

    /// <summary>Serialization failure or deadlock (40001, 40P01).</summary>
    Conflict,

    /// <summary>A value doesn't fit its type (class 22).</summary>
    BadValue,

    /// <summary>A lock or the statement took too long (55P03, 57014).</summary>
    TooSlow,

    /// <summary>The server can't serve now: out of connections, memory or disk (class 53), shut down or starting (57P01 to 57P05), broken below (58), or not letting us in (08, 28, 3D000).</summary>
    TooBusy,
}

/// <summary>The server can't be reached, or the connection broke: whether the last statement took effect is not known.</summary>
public sealed class DatabaseUnreachableException : DatabaseException
{
    internal DatabaseUnreachableException(bool wasOpen, bool mayRetry)
        : base(wasOpen ? "The connection to the database broke." : "The database can't be reached.") =>
        MayRetry = mayRetry;

    public override bool MayRetry { get; }
}

/// <summary>A session was used in a way that it doesn't allow. A mistake in the calling code.</summary>
public sealed class SessionMisuseException : DatabaseException
{
    internal SessionMisuseException(string message) : base(message)
    {
    }

    public override bool MayRetry => false;
}

/// <summary>A statement of a session did something other than read or change rows. It may have taken effect; an open transaction can't commit.</summary>
public sealed class UnexpectedStatementException : DatabaseException
{
    internal UnexpectedStatementException()
        : base("A statement did something other than read or change rows. Sessions allow SELECT, INSERT, UPDATE, DELETE, MERGE and CALL; the connection was closed.")
    {
    }

    public override bool MayRetry => false;
}

/// <summary>A new connection isn't as it must be, and was closed before its first statement: its login's settings were changed, or a pooler stands in between.</summary>
public sealed class UnsafeConnectionException : DatabaseException
{
    internal UnsafeConnectionException(string message) : base(message)
    {
    }

    public override bool MayRetry => false;
}

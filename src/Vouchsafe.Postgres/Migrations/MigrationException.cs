namespace Vouchsafe.Postgres.Migrations;

/// <summary>The schema can't be brought to where the code needs it. Nothing of the migration that failed is left.</summary>
public sealed class MigrationException : Exception
{
    internal MigrationException(MigrationProblem problem, string message) : base(message) => Problem = problem;

    public MigrationProblem Problem { get; }
}

public enum MigrationProblem
{
    /// <summary>A migration that was applied has another content now.</summary>
    Changed,

    /// <summary>The database holds a migration that the code doesn't know: it was made by a newer version.</summary>
    Newer,

    /// <summary>A migration with a lower number than one already applied appeared.</summary>
    OutOfOrder,

    /// <summary>Two migrations of a module have one number.</summary>
    Ambiguous,

    /// <summary>The server refused a statement.</summary>
    Failed,

    /// <summary>The key store doesn't hold the key with which the database verifies contexts.</summary>
    OtherKeys,
}

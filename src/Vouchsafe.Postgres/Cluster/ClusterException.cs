namespace Vouchsafe.Postgres.Cluster;

/// <summary>A private cluster can't be made, started or stopped. The message is one line that says what to do.</summary>
public sealed class ClusterException : Exception
{
    internal ClusterException(ClusterProblem problem, string message) : base(message) => Problem = problem;

    public ClusterProblem Problem { get; }
}

public enum ClusterProblem
{
    /// <summary>No PostgreSQL server binaries were found.</summary>
    NoBinaries,

    /// <summary>Another process holds the data folder.</summary>
    InUse,

    /// <summary>The process runs as root and no unprivileged account is there, or the account can't reach the data folder.</summary>
    NoAccount,

    /// <summary>The data folder was made by another major version.</summary>
    OtherVersion,

    /// <summary>Private clusters run on Linux and macOS.</summary>
    OtherPlatform,

    /// <summary>A server program failed; the log in the data folder tells why.</summary>
    ServerFailed,
}

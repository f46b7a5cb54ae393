namespace Vouchsafe.Postgres.Cluster;

/// <summary>How a private cluster is made and run.</summary>
public sealed record ClusterOptions
{
    /// <summary>Holds the server's files, its logins and its log. Made where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>TCP port on the loopback; 0: the one used last if it is free, else any.</summary>
    public int Port { get; init; }

    /// <summary>True for tests alone: nothing is flushed, a power cut loses the cluster.</summary>
    public bool ThrowAway { get; init; }

    /// <summary>The most connections that the server takes.</summary>
    public int Connections { get; init; } = 200;

    /// <summary>Further arguments of initdb, which take precedence over ours.</summary>
    internal IReadOnlyList<string> Initdb { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

using System.Globalization;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>The account under which the server runs: the server refuses to run as root.</summary>
internal sealed class Account
{
    private static readonly string[] Unprivileged = ["postgres", "nobody"];

    private readonly string? _name;
    private readonly bool _hasSetpriv = Command.TryRun("setpriv", ["--version"], out _);

    private Account(string? name) => _name = name;

    internal static Account Choose()
    {
        if (!Environment.IsPrivilegedProcess)
            return new Account(null);
        var name = Array.Find(Unprivileged, candidate => Command.TryRun("id", ["-u", candidate], out _));
        return name is null
            ? throw new ClusterException(ClusterProblem.NoAccount, "PostgreSQL can't run as root and no account postgres or nobody is there. Make one: useradd --system postgres")
            : new Account(name);
    }

    /// <summary>The program and arguments that run a command under this account.</summary>
    /// <param name="endsWithParent">The signal the command gets when the thread that started it ends, or null.</param>
    internal string[] Wrap(string[] command, string? endsWithParent = null)
    {
        if (_hasSetpriv)
        {
            List<string> setpriv = ["setpriv"];
            if (_name is not null)
                setpriv.AddRange([$"--reuid={_name}", $"--regid={Gid()}", "--init-groups", "--reset-env"]);
            if (endsWithParent is not null)
                setpriv.AddRange(["--pdeathsig", endsWithParent]);
            return _name is null && endsWithParent is null ? command : [.. setpriv, "--", .. command];
        }

        return _name is null ? command : ["runuser", "-u", _name, "--", .. command];
    }

    /// <summary>Gives a folder or file to the account, and to nobody else.</summary>
    internal void Give(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
        if (_name is not null && !Command.TryRun("chown", ["-R", $"{_name}:{Gid()}", path], out var error))
            throw new ClusterException(ClusterProblem.NoAccount, $"Can't give {path} to the account {_name}: {FirstLine(error)}");
    }

    internal void MustReach(string folder)
    {
        if (_name is not null && !Run(["test", "-x", folder], out _))
            throw new ClusterException(ClusterProblem.NoAccount, $"The account {_name}, under which PostgreSQL runs, can't enter {folder}. Choose a data folder that other accounts may enter.");
    }

    internal bool Run(string[] command, out string output)
    {
        var wrapped = Wrap(command);
        return Command.TryRun(wrapped[0], wrapped[1..], out output);
    }

    internal static string FirstLine(string text) => text.Trim().Split('\n')[0];

    private string Gid() => Command.TryRun("id", ["-g", _name!], out var gid)
        ? int.Parse(gid.Trim(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
        : _name!;
}

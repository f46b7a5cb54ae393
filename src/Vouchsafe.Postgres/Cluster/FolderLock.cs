using System.Globalization;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>Holds a data folder for one process. The kernel lets go when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    internal static FolderLock? TryTake(string folder)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB); the descriptor is closed on exec, so children don't keep it.
            var file = new FileStream(PathIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new FolderLock(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static FolderLock Take(string folder) =>
        TryTake(folder) ?? throw new ClusterException(ClusterProblem.InUse,
            $"The data folder {folder} is in use by process {Holder(folder)}. Stop that one, or choose another folder.");

    public void Dispose() => _file.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "lock");

    private static string Holder(string folder)
    {
        try
        {
            using var file = new FileStream(PathIn(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}

namespace Vouchsafe.Cli.Running;

/// <summary>What <c>vouchsafe run</c> starts, and where.</summary>
/// <param name="Application">The application's DLL.</param>
/// <param name="Posture">Name in <c>postures/</c>, or a file.</param>
/// <param name="Data">Folder for cluster, keys and certificate.</param>
/// <param name="Empty">Without demo data and its accounts: the set-up page makes the first operator.</param>
internal sealed record RunOptions(string Application, string Posture, int HttpsPort, int HttpPort, string Data, bool Empty = false)
{
    public const string Database = "vouchsafe";

    public Uri Origin => new($"https://localhost:{HttpsPort}");

    public Uri HttpOrigin => new($"http://localhost:{HttpPort}");
}

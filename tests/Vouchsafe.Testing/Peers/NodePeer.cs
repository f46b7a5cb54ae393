using System.Diagnostics;
using System.Text;

namespace Vouchsafe.Testing.Peers;

/// <summary>A script under tests/peers: a tool that nobody here wrote, which reads lines and answers each.</summary>
public static class NodePeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="script">Its file's name.</param>
    /// <param name="lines">What it reads.</param>
    /// <returns>The lines it writes.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string script, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var node = Start(script);
        var answers = node.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = node.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            foreach (var line in lines) await node.StandardInput.WriteLineAsync(line.AsMemory(), patience.Token);
            node.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all; why, it says below.
        }

        await node.WaitForExitAsync(patience.Token);
        return node.ExitCode == 0 && (await errors).Length == 0
            ? (await answers).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{script} failed. Were its packages installed (./test does it)? {await errors}");
    }

    /// <summary>A script that the caller talks with, and ends.</summary>
    public static Process Start(string script)
    {
        var start = new ProcessStartInfo("node", Path.Combine(Folder(), script))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        return Process.Start(start)!;
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "peers")))
                return Path.Combine(folder.FullName, "tests", "peers");
        throw new DirectoryNotFoundException("tests/peers is in no folder above the tests.");
    }
}

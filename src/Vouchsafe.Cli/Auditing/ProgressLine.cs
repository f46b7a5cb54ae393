using System.Globalization;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Cli.Auditing;

/// <summary>Says how far the verification is, once it takes longer than somebody waits without wondering.</summary>
internal sealed class ProgressLine(TextWriter output, TimeProvider time) : IProgress<ExportProgress>
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly long began = time.GetTimestamp();
    private TimeSpan next = Quiet;

    public void Report(ExportProgress value)
    {
        var elapsed = time.GetElapsedTime(began);
        if (elapsed < next)
            return;
        next = elapsed + Every;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"· {value.Entries:N0} of {value.Of:N0} entries, {value.Bytes / 1e6:N0} MB"));
    }
}

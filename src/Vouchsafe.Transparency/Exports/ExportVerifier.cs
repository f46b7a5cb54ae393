using System.Runtime.InteropServices;
using Vouchsafe.Transparency.Exports.Reading;
using Vouchsafe.Transparency.Exports.Verifying;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Verifies an export (docs/formats/audit-export.md) with nothing but the file: no server, no database, and no trust in whoever made it
/// beyond the log's key. Streams: memory does not grow with the log, but for 24 bytes for each erased person and 10 MB in which the
/// newest entries are remembered.
/// </summary>
public static class ExportVerifier
{
    private const int MostThreads = 16;

    /// <param name="export">Read from where it stands to its end; once more where it can be and entries are dated too far back to be
    /// compared otherwise.</param>
    /// <param name="trust">What is known from elsewhere.</param>
    /// <exception cref="ArgumentException">Witnesses are asked for, and not the roll-up log that they must have cosigned.</exception>
    /// <exception cref="ExportException">Nothing can be said: this is no export, or an earlier checkpoint is none of this log.</exception>
    /// <exception cref="IOException">The export can't be read.</exception>
    public static async Task<ExportReport> VerifyAsync(Stream export, ExportTrust trust, CancellationToken cancellationToken)
    {
        if (trust.Witnesses.Count > 0 && trust.RollUp is null)
            throw new ArgumentException("A witness cosigns the logs of many people: its cosignature says nothing where the roll-up log isn't known.", nameof(trust));
        var threads = Math.Clamp(trust.Threads ?? Math.Min(Environment.ProcessorCount, 4), 1, MostThreads);
        var findings = new FindingList();
        var beginning = export.CanSeek ? export.Position : 0;
        var header = new HeaderReader();
        ExportClaims? claims = null;
        LogVerification? log = null;
        var (line, bytes, more) = (1L, 0L, true);
        var left = new MemoryStream();
        var free = new Stack<LineBlock>();
        // Lines are read several blocks at once and taken in their order.
        var ahead = new Queue<(LineBlock Block, Task Reading)>();
        while (more || ahead.Count > 0)
        {
            if (more && ahead.Count < threads + 1)
            {
                var block = free.TryPop(out var used) ? used : new LineBlock();
                more = await block.FillAsync(export, left, line, cancellationToken);
                (line, bytes) = (line + block.Lines, bytes + block.Bytes.Length);
                while (claims is null && block.TryTakeLine(out var text))
                    if (header.Take(text) is { } read)
                        log = new LogVerification(claims = new ExportClaims(read, trust, findings), findings, trust.Compared);
                if (claims is { Log: var id } && block.Lines > 0)
                    ahead.Enqueue((block, Task.Run(() => block.Read(id), cancellationToken)));
                else
                    free.Push(block);
                continue;
            }
            var (first, reading) = ahead.Dequeue();
            await reading;
            foreach (ref readonly var one in CollectionsMarshal.AsSpan(first.Readings))
                log!.Take(one);
            free.Push(first);
            trust.Progress?.Report(new ExportProgress(log!.Entries, claims!.Checkpoint.Head.Size - claims.Header.Pruned, bytes));
        }
        if (export.CanSeek && log?.Repetitions.Late is { Count: > 0 } late)
        {
            export.Position = beginning;
            var look = new SecondLook(late);
            await look.ReadAsync(export, cancellationToken);
            log.Repetitions.Settle(look);
        }

        return (log ?? throw new ExportException("The export is cut off in its header.")).Finish(claims!, left.Length > 0) with { KeyTrusted = trust.Key is not null, RollUpTrusted = trust.RollUp is not null };
    }
}

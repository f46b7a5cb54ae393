using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Audit.Tests.Logs;

/// <summary>Rows, tiles and head agree, and every entry opens.</summary>
internal static class WholeLog
{
    /// <param name="strange">Whether leaves may be bytes that are no entries.</param>
    public static async Task AssertAsync(TenantSession session, EntryOpener opener, CancellationToken cancellationToken, bool strange = false)
    {
        var head = (await TenantLog.HeadAsync(session, cancellationToken))!;
        var verifier = new LogVerifier(session, head, opener);
        Assert.Null(await verifier.FindFaultInHeadAsync(cancellationToken));
        var rows = new TableMatch(head.PrunedTo);
        var segment = await verifier.VerifyAsync(head.PrunedTo, head.Size, (index, entry, in _) => rows.Seen(index, entry), cancellationToken);
        Assert.Null(segment.Gone);
        Assert.DoesNotContain(segment.Report.Findings, finding => !strange || finding.Kind != FindingKind.Foreign);
        await rows.ReadAsync(session, all: true, cancellationToken);
        Assert.Empty(rows.Open);
        Assert.Empty(rows.Unmatched);
        Assert.False(rows.Overflowed);
    }
}

using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Audit.Checks;

/// <summary>Takes the canary's trail out as its administrator would, and verifies it with nothing but the log's key.</summary>
internal sealed class ExportCheck(IDatabase database, TrailReader trail, TrailExport export) : ICheck
{
    public string Control => "audit.export";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(CanaryLog.Scope);
        var marked = await session.RecordAsync(new AuditEvent("canary.exported"), cancellationToken);
        if (await trail.ProveAsync(CanaryLog.Tenant, marked, cancellationToken) is not { } proof)
            return Finding.Broken("An action in the canary's tenant left no entry to export.");

        var pipe = new Pipe();
        var writing = WriteAsync(session, pipe.Writer, cancellationToken);
        ExportReport? report = null;
        var fault = "";
        try
        {
            report = await ExportVerifier.VerifyAsync(pipe.Reader.AsStream(), new ExportTrust { Key = proof.Verifier, Previous = [proof.Checkpoint], Threads = 1 }, cancellationToken);
        }
        catch (ExportException unreadable)
        {
            fault = unreadable.Message;
        }

        // A reader that has seen enough lets the writer go.
        await pipe.Reader.CompleteAsync();
        var written = await writing;
        return Judge(report, written, fault);
    }

    /// <param name="report">What the verifier saw; null where it could read nothing.</param>
    /// <param name="written">How many entries the export says it has.</param>
    /// <param name="fault">Why it could read nothing.</param>
    internal static Finding Judge(ExportReport? report, long? written, string fault)
    {
        if (report is not { FindingCount: 0 })
            return Finding.Broken($"The export of the canary's trail does not verify: {report?.Findings[0].Message ?? fault}");
        return report.Previous == Continuity.Continues && report.Entries == written
            ? Finding.Held($"The canary's trail was exported and verified offline: {written} entries.", new JsonObject { ["entries"] = written, ["verdict"] = report.Verdict.ToString() })
            : Finding.Broken("The export of the canary's trail does not verify: it does not continue the checkpoint that its newest entry was proven by.");
    }

    private async Task<long?> WriteAsync(TenantSession session, PipeWriter output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            return await export.WriteAsync(session, output, null, cancellationToken);
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            await output.CompleteAsync(failure);
        }
    }
}

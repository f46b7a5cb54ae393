using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Audit.Checks;

/// <summary>Takes the canary's trail out as its administrator would, and verifies it with nothing but the log's key.</summary>
internal sealed class ExportCheck(IDatabase database, TrailReader trail, TrailExport export, IServedExport? served = null) : ICheck
{
    /// <summary>How much of an answer is read, some thousands of entries: the log of a canary grows, and the check shall not.</summary>
    private const int Served = 4 * 1024 * 1024;

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
        var finding = Judge(report, written, fault);
        return finding.Holds && served is not null && context?.Target is { } target && await FindServedFaultAsync(served, target, cancellationToken) is { } wrong
            ? Finding.Broken(wrong)
            : finding;
    }

    /// <summary>What nodes answer over HTTP: an export that goes up to where the log was, or further, as far as is read of it.</summary>
    private async Task<string?> FindServedFaultAsync(IServedExport served, CheckTarget target, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(await served.TenantAsync(cancellationToken), Actor.System(Control), OwnerReach.All, null));
        await session.RecordAsync(new AuditEvent("canary.exported"), cancellationToken);
        await trail.ProveAsync(session.Scope.Tenant, Guid.Empty, cancellationToken);
        if (await trail.VerifierAsync(session, cancellationToken) is not { } key || await trail.CheckpointAsync(session, cancellationToken) is not { } before)
            return "An action in the canary's tenant left no entry to export.";
        var size = Checkpoint.Open(before, key).Head.Size;
        await foreach (var (node, body) in served.TakeAsync(target, cancellationToken))
        {
            if (body is null)
                return $"The export of {node.Authority} is not answered.";
            try
            {
                await using var beginning = new Beginning(body, Served);
                var report = await ExportVerifier.VerifyAsync(beginning, new ExportTrust { Key = key, Threads = 1 }, cancellationToken);
                // Where we stopped reading, it is cut off by us.
                var faults = report.Findings.Count(finding => !(beginning.Stopped && finding.Kind == FindingKind.Malformed && finding.Last == report.Head.Size - 1));
                if (faults > 0 || report.FindingCount > 1 || report.Head.Size < size || report.Entries == 0)
                    return $"The export that {node.Authority} answers does not verify: {(report.Findings.Count > 0 ? report.Findings[0].Message : "it leaves out what was recorded")}";
            }
            catch (ExportException unreadable)
            {
                return $"The export that {node.Authority} answers does not verify: {unreadable.Message}";
            }
        }

        return null;
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

using System.IO.Pipelines;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Tests.Exports;

/// <summary>An export as an administrator gets it.</summary>
internal static class TakenExport
{
    public static async Task<MemoryStream> OfAsync(AuditDatabase database, TenantId tenant, long? since, CancellationToken cancellationToken, TrailExport? export = null)
    {
        await using var session = database.Open(tenant);
        var file = new MemoryStream();
        var output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
        await (export ?? database.Get<TrailExport>()).WriteAsync(session, output, since, cancellationToken);
        await output.CompleteAsync();
        file.Position = 0;
        return file;
    }
}

using Backoffice.Invoicing.Pdf;
using Backoffice.Paging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Backoffice.Invoicing;

internal static class InvoiceEndpoints
{
    public static readonly ProblemKind NotConfirmed = new("not-confirmed", StatusCodes.Status409Conflict, "Only a confirmed order can be invoiced.");
    public static readonly ProblemKind NotCancellable = new("not-cancellable", StatusCodes.Status409Conflict, "This document is cancelled already, or is no invoice.");

    private const string Number = "{number:maxlength(24)}";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var invoices = endpoints.MapGroup("/api/invoices").WithTags("Invoices").TenantsAlone();
        invoices.MapGet("", ListAsync).RequirePermission("invoices.read").ReadsPersonalData("customers")
            .Produces<Page<InvoiceSummary>>().WithSummary("Invoices and credit notes, the newest first; parameters: limit, after, q");
        invoices.MapGet("/" + Number, FindAsync).RequirePermission("invoices.read").ReadsPersonalData("customers").Produces<Invoice>().WithSummary("One document as it was issued");
        invoices.MapGet("/" + Number + "/pdf", PdfAsync).RequirePermission("invoices.read").ReadsPersonalData("customers")
            .Produces(StatusCodes.Status200OK, contentType: "application/pdf").WithSummary("The document as PDF");
        invoices.MapPost("", IssueAsync).RequirePermission("invoices.issue")
            .Accepts<NewInvoice>("application/json").Produces<IssuedDocument>(StatusCodes.Status201Created).WithSummary("Issues an invoice for a confirmed order");
        invoices.MapPost("/" + Number + "/cancel", CancelAsync).RequirePermission("invoices.issue")
            .Produces<IssuedDocument>(StatusCodes.Status201Created).WithSummary("Cancels an invoice by a credit note");
    }

    private static async Task<IResult> ListAsync(HttpContext context, InvoiceReading invoices)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        return query is null
            ? Problem.Of(ProblemKind.InvalidInput, errors: errors)
            : Results.Ok(await invoices.ListAsync(Caller.Required(context).Scope, query, null, context.RequestAborted));
    }

    private static async Task<IResult> FindAsync(string number, HttpContext context, InvoiceReading invoices) =>
        await invoices.FindAsync(Caller.Required(context).Scope, number, context.RequestAborted) is { } invoice ? Results.Ok(invoice) : Problem.Of(ProblemKind.NotFound);

    private static async Task<IResult> PdfAsync(string number, HttpContext context, InvoiceReading invoices)
    {
        if (await invoices.FindAsync(Caller.Required(context).Scope, number, context.RequestAborted) is not { } invoice) return Problem.Of(ProblemKind.NotFound);
        context.Response.Headers.CacheControl = "no-store";
        return Results.File(InvoicePdf.Draw(invoice), "application/pdf", number + ".pdf");
    }

    private static async Task<IResult> IssueAsync(HttpContext context, InvoiceIssuing issuing)
    {
        var (body, refusal) = await JsonBody.ReadAsync<NewInvoice>(context);
        if (body is null) return refusal!;
        var (outcome, number) = await issuing.IssueAsync(Caller.Required(context).Scope, body.OrderId, context.RequestAborted);
        return Answer(outcome, number, NotConfirmed);
    }

    private static async Task<IResult> CancelAsync(string number, HttpContext context, InvoiceIssuing issuing)
    {
        var (outcome, note) = await issuing.CancelAsync(Caller.Required(context).Scope, number, context.RequestAborted);
        return Answer(outcome, note, NotCancellable);
    }

    private static IResult Answer(IssueOutcome outcome, string? number, ProblemKind wrongState) => outcome switch
    {
        IssueOutcome.Done => Results.Created("/api/invoices/" + number, new IssuedDocument(number!)),
        IssueOutcome.NotFound => Problem.Of(ProblemKind.NotFound),
        _ => Problem.Of(wrongState),
    };
}

/// <param name="OrderId">A confirmed order that has no invoice.</param>
public sealed record NewInvoice(Guid OrderId);

public sealed record IssuedDocument(string Number);

using System.Globalization;
using Backoffice.Invoicing;
using Backoffice.Orders;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Languages;
using Vouchsafe.Web.Layout;

namespace Backoffice.Pages;

/// <summary>Days, sums, states and wrong fields as the pages write them.</summary>
internal static class Written
{
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Money(this UiWords words, decimal amount) => amount.ToString("N2", words.Culture);

    public static string Money(this UiWords words, decimal amount, string currency) => words.Money(amount) + " " + currency;

    public static string Name(this UiWords words, OrderState state) => words["order.state." + state.Text()];

    public static string Tone(OrderState state) => state switch { OrderState.Invoiced => "verified", OrderState.Confirmed => "stale", OrderState.Cancelled => "failed", _ => "unknown" };

    /// <summary>A document is cancelled, overdue or neither; the trail of payments is none of this application's.</summary>
    public static string Name(this UiWords words, InvoiceSummary invoice) =>
        words[invoice.Kind == InvoiceKind.CreditNote ? "invoice.credit-note" : invoice.CancelledBy is null ? "invoice.issued" : "invoice.cancelled"];

    public static string Tone(InvoiceSummary invoice) => invoice.Kind == InvoiceKind.CreditNote ? "unknown" : invoice.CancelledBy is null ? "verified" : "failed";

    /// <summary>What the checks found wrong, for the summary above a form.</summary>
    /// <param name="errors">By field, as the checks name it.</param>
    /// <param name="prefix">Of the keys of the fields' names.</param>
    public static IReadOnlyList<FieldError> Summary(this UiWords words, IReadOnlyDictionary<string, FieldProblem>? errors, string prefix) =>
        [.. (errors ?? new Dictionary<string, FieldProblem>()).Select(error => new FieldError(error.Key, Label(words, error.Key, prefix), words.Wrong(errors, error.Key)))];

    /// <summary>What to do about a field, in the page's language; null where it was right.</summary>
    public static string? Wrong(this UiWords words, IReadOnlyDictionary<string, FieldProblem>? errors, string field) => errors?.TryGetValue(field, out var problem) == true
        ? words.Or($"wrong.{Name(field)}.{problem.Code}", words.Or("wrong." + problem.Code, words["wrong"]))
        : null;

    /// <summary>Whether this field gets the focus: the first that is wrong.</summary>
    public static bool IsFirst(this IReadOnlyDictionary<string, FieldProblem>? errors, string field) => errors?.Keys.FirstOrDefault() == field;

    private static string Label(UiWords words, string id, string prefix) => Name(id) is var name && name.Length < id.Length
        ? $"{words[prefix + name]} ({id[name.Length..]})"
        : words[prefix + id];

    /// <summary>The field without the number of its line.</summary>
    private static string Name(string id) => id.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}

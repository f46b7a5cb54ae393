namespace Vouchsafe.Web.Layout;

/// <summary>What is wrong with a field of a form.</summary>
/// <param name="Field">The field's id on the page.</param>
/// <param name="Label">Its name in the page's language.</param>
/// <param name="Wanted">What it must be; null where the label says enough.</param>
public sealed record FieldError(string Field, string Label, string? Wanted = null);

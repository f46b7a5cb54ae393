using Vouchsafe.Browser.Browsing;

namespace Vouchsafe.Browser.Pages;

/// <summary>Every page there is, and who looks at it.</summary>
/// <param name="Name">For messages and pictures.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Visitor">Who looks.</param>
/// <param name="Status">What it answers.</param>
public sealed record PageEntry(string Name, string Path, Visitor Visitor, int Status = 200)
{
    public static IReadOnlyList<PageEntry> All { get; } =
    [
        new("landing", "/", Visitor.Stranger),
        new("landing-fresh", House.Fresh, Visitor.Stranger),
        new("trust", "/trust", Visitor.Stranger),
        new("trust-older-address", "/pages/trust-security.html", Visitor.Stranger),
        new("sign-in", "/sign-in", Visitor.Stranger),
        new("sign-in-refused", "/sign-in?error=refused", Visitor.Stranger),
        new("sign-up", "/sign-up", Visitor.Stranger),
        new("sign-up-errors", "/sign-up?error=code:taken,country:required,email:form", Visitor.Stranger),
        new("sign-up-sent", "/sign-up?sent=1", Visitor.Stranger),
        new("reset", "/reset", Visitor.Stranger),
        new("reset-wait", "/reset?error=wait&minutes=6", Visitor.Stranger),
        new("reset-sent", "/reset?sent=1", Visitor.Stranger),
        new("set-up", House.SetUp, Visitor.Stranger),
        new("set-up-errors", House.SetUp + "?error=code:wrong,email:form,password:too-common", Visitor.Stranger),
        new("sign-up-confirm", "/sign-up/confirm?token={sign-up}", Visitor.Stranger),
        new("sign-up-confirm-errors", "/sign-up/confirm?token={sign-up}&error=code:taken&code=linden", Visitor.Stranger),
        new("invitation", "/invitation?token={invitation}", Visitor.Stranger),
        new("invitation-known", "/invitation?token={known}&error=password:wrong", Visitor.Stranger),
        new("reset-confirm", "/reset/confirm?token={reset}&error=password:too-short", Visitor.Stranger),
        new("link-gone", "/invitation?token=none", Visitor.Stranger, 410),
        new("not-found", "/nowhere", Visitor.Stranger, 404),
        new("forbidden", "/members", Visitor.Seller, 403),
        new("fault", House.Broken, Visitor.Administrator, 500),
        new("account", "/account", Visitor.Administrator),
        new("account-refused", "/account?error=chosen:too-short", Visitor.Administrator),
        new("cancel", "/account/cancel", Visitor.Administrator),
        new("account-cancelled", "/account", Visitor.Former),
        new("members-cancelled", "/members", Visitor.Former),
        new("overview", "/overview", Visitor.Administrator),
        new("customers", "/customers?limit=20", Visitor.Administrator),
        new("customers-none", "/customers?q=Nobody+of+this+name", Visitor.Administrator),
        new("new-customer", "/customers/new", Visitor.Seller),
        new("orders", "/orders?limit=20", Visitor.Administrator),
        new("new-order", "/orders/new", Visitor.Administrator),
        new("invoices", "/invoices?limit=20", Visitor.Administrator),
        new("members", "/members", Visitor.Administrator),
        new("members-refused", "/members?done=last", Visitor.Administrator),
        new("audit", "/audit", Visitor.Administrator),
        new("audit-none", "/audit?event=nothing.like.it", Visitor.Administrator),
        new("audit-wrong", "/audit?from=2026-02-30", Visitor.Administrator, 400),
        new("operator", "/operator", Visitor.Operator),
        new("operator-failed", "/operator?verdict=failed", Visitor.Operator),
        new("account-of-staff", "/account", Visitor.Operator),
    ];
}

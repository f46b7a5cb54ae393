namespace Vouchsafe.Hosting.Accounts;

/// <summary>How a link from a mail carries its token.</summary>
public static class LinkAddress
{
    /// <summary>
    /// The query's parameter. Every link of every module uses it: by this name the edge keeps addresses with a token
    /// from other pages.
    /// </summary>
    public const string Parameter = "token";

    /// <summary>The pages that mails lead to.</summary>
    public static IReadOnlyList<string> Pages { get; } = ["/sign-up/confirm", "/invitation", "/reset/confirm", "/account/confirm"];
}

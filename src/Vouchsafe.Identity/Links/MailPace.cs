using Vouchsafe.Identity.Attempts;

namespace Vouchsafe.Identity.Links;

/// <summary>What pages tell people about the mails that they ask for: how many an address gets, and how long the links work.</summary>
/// <param name="InARow">Mails that an address gets at once, where it had none lately.</param>
/// <param name="Every">How long it takes until it gets one more.</param>
/// <param name="LinkLasts">From the moment a mail is sent.</param>
public sealed record MailPace(int InARow, TimeSpan Every, TimeSpan LinkLasts)
{
    public static MailPace SignUp { get; } = Of(AttemptBudget.SignUpMailToAddress, LinkPurpose.SignUp);

    public static MailPace Reset { get; } = Of(AttemptBudget.ResetMailToAddress, LinkPurpose.Reset);

    private static MailPace Of(AttemptBudget budget, LinkPurpose purpose) => new(budget.Burst, budget.Every, purpose.Lasts);
}

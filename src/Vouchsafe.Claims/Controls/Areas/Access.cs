using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Access
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("roles.matrix", "Every endpoint names its permission and is closed to every role that doesn't have it.",
            Permissions("user", "a member of a tenant"), Permissions("admin", "an administrator of a tenant"), Permissions("platform-admin", "the operator's own staff")),
        Planned("roles.workspace", "A workspace has these roles, and always somebody who owns it.",
            ListFigure.Like("roles", Forms.Word(), 1, 10, "Its roles, from the most to the least powerful."),
            new FlagFigure("last-owner-stays", "Whether the last owner is kept from leaving.", Always: true)),
        Planned("roles.self-service", "A tenant's administrator sets roles, retention and access alone, within the posture's bounds."),
        Planned("roles.reviews", "Role assignments are reviewed on schedule, and lapse where nobody confirms them.",
            new DurationFigure("every", "7d", "1y", "Between two reviews of an assignment."),
            new DurationFigure("revoke-within", "1m", "7d", "Between a departure or change and the end of the access.")),
        Planned("mfa.staff", "A staff account without a second factor reaches nothing but enrolment."),
        Planned("mfa.tenants", "A second factor is offered from sign-up, and demanded on the plans named.",
            ListFigure.Like("mandatory-plans", Forms.Word(), 0, 10, "Plans on which it is mandatory.")),
        Planned("mfa.totp", "Time-based codes (RFC 6238) count once, and only within their window.",
            new IntegerFigure("digits", 6, 8, "Digits of a code."),
            new DurationFigure("step", "30s", "60s", "Between two codes.")),
        Planned("mfa.passkeys", "Passkeys (WebAuthn level 2) are accepted as a factor."),
        Planned("sso.federation", "Identity providers sign people in, and forged, replayed or misdirected assertions are refused.",
            ListFigure.Of("protocols", ["saml-2.0", "oidc"], "Protocols spoken.")),
        Planned("sso.provisioning", "Accounts come and go with the customer's directory (SCIM, RFC 7644); whoever is removed is out at once."),
        Planned("people.confidentiality", "Every staff account has a signed commitment to confidentiality on file, or no access.",
            new DurationFigure("renew-every", "30d", "10y", "After which a commitment has to be signed anew.")),
    ];

    private static ListFigure Permissions(string role, string who) =>
        ListFigure.Like(role, Forms.Permission(), 0, 200, $"What {who} may do: permissions of the form area.verb.");
}

using System.Text;

namespace Vouchsafe.Mail.Smtp;

/// <summary>Signs in (RFC 4954) over a connection that is encrypted by then.</summary>
internal static class SmtpAuthentication
{
    public static async Task SignInAsync(SmtpConnection connection, SmtpExtensions extensions, string user, string password, CancellationToken cancellationToken)
    {
        if (extensions.SignIns.Contains("PLAIN"))
        {
            // RFC 4616, with the initial response of RFC 4954, section 4.
            Expect(await connection.AskAsync("AUTH PLAIN " + Base64($"\0{user}\0{password}"), cancellationToken), 235);
            return;
        }

        if (!extensions.SignIns.Contains("LOGIN"))
            throw new MailDeliveryException(MailFault.Configuration, "auth-unsupported");
        Expect(await connection.AskAsync("AUTH LOGIN", cancellationToken), 334);
        Expect(await connection.AskAsync(Base64(user), cancellationToken), 334);
        Expect(await connection.AskAsync(Base64(password), cancellationToken), 235);
    }

    private static void Expect(SmtpReply reply, int code) => SmtpSender.Expect(reply, code, MailFault.Configuration);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

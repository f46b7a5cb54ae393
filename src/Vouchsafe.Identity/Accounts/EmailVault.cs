using System.Text;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Keeps addresses out of the database's clear text: an index to find an account by, a sealed value to show it.</summary>
internal sealed class EmailVault(KeyRing keys)
{
    private readonly SecretKey index = keys.Derive("identity/email-index");
    private readonly SecretKey seal = keys.Derive("identity/email-seal");

    /// <summary>HMAC-SHA256 of the address, in full: 32 bytes.</summary>
    public byte[] Index(EmailAddress address) => index.Authenticate(Encoding.UTF8.GetBytes(address.Value)).ToArray();

    public byte[] Seal(Guid user, EmailAddress address) =>
        Cryptography.Sealing.Seal.Protect(seal, Encoding.UTF8.GetBytes(address.Value), Binding(user));

    public string Open(Guid user, byte[] sealedAddress) =>
        Encoding.UTF8.GetString(Cryptography.Sealing.Seal.Open(seal, sealedAddress, Binding(user)));

    public byte[] SealOfLink(Guid link, EmailAddress address) =>
        Cryptography.Sealing.Seal.Protect(seal, Encoding.UTF8.GetBytes(address.Value), LinkBinding(link));

    public EmailAddress OpenOfLink(Guid link, byte[] sealedAddress) =>
        EmailAddress.Parse(Encoding.UTF8.GetString(Cryptography.Sealing.Seal.Open(seal, sealedAddress, LinkBinding(link))))!.Value;

    private static AssociatedData LinkBinding(Guid link) =>
        new AssociatedData("vouchsafe/link-email/v1").Add("identity.links").Add("email_sealed").Add(link);

    private static AssociatedData Binding(Guid user) => new AssociatedData("vouchsafe/account-email/v1").Add("identity.users").Add("email_sealed").Add(user);
}

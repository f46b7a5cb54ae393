namespace Vouchsafe.Claims.Postures;

/// <summary>Who makes the claims.</summary>
/// <param name="Name">The legal entity.</param>
/// <param name="Product">What it sells.</param>
/// <param name="Country">Where it is established, ISO 3166-1 alpha-2.</param>
/// <param name="Contacts">Address by purpose: security, privacy, legal …; in the posture's order.</param>
public sealed record Company(string Name, string Product, string Country, IReadOnlyList<KeyValuePair<string, string>> Contacts)
{
    /// <summary>The address for a purpose, or null.</summary>
    public string? Contact(string purpose) => Contacts.FirstOrDefault(contact => contact.Key == purpose).Value;
}

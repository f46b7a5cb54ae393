using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Encryption
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("encryption.at-rest", "Personal data appears nowhere in clear in data files, write-ahead log, temporary files or dumps.", Algorithm),
        Planned("encryption.bound", "A sealed value opens only in its own tenant, table, column and row."),
        Planned("encryption.files", "Files are sealed before they leave the process; the store holds ciphertext, and links are short-lived.",
            new DurationFigure("link-lifetime", "10s", "24h", "For how long a link to a file works.")),
        Planned("secrets.vault", "Root keys and secrets come from the vault; start-up refuses one found in a configuration file.",
            new ChoiceFigure("vault", ["azure-key-vault", "vault-transit", "provider"], "Whose vault it is.")),
        Planned("secrets.credentials", "Stored third-party credentials are sealed under the tenant's key.", Algorithm),
        Built("keys.custody", "The key store is whole, closed to everybody but its owner and that of this database; "
            + "signing keys follow each other by signed hand-overs, and their age is known."),
        Planned("keys.rotation", "Each key is younger than its limit, and replacing one loses nothing.",
            new DurationFigure("most-age", "1d", "5y", "The oldest that a key may get.")),
        Planned("mail.no-personal-data", "Mail carries a link instead of the data, and goes out only over a verified encrypted connection."),
    ];

    private static ChoiceFigure Algorithm => new("algorithm", ["AES-256-GCM"], "The cipher.");
}

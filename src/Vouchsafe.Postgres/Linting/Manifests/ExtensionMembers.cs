using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>
/// What belongs to the extensions that the operator accounts for. Anything can be made a member by hand (<c>ALTER EXTENSION … ADD</c>), so an account
/// may pin the members by their hash: <c>pgcrypto=5f2c…</c>. Without a pin the report says that they weren't compared.
/// </summary>
internal static class ExtensionMembers
{
    internal const string Name = "extension.members";

    private const string OfServer = "plpgsql";

    /// <summary>The names of the extensions, without their pins.</summary>
    internal static string[] Names(IEnumerable<string> accounts) => [.. accounts.Select(account => account.Split('=')[0])];

    /// <summary>Takes the members, and what hangs on them, out of the inventory.</summary>
    /// <returns>For each extension that is there, the SHA-256 of its version, its members and their facts.</returns>
    internal static SortedDictionary<string, string> TakeFrom(Dictionary<string, CatalogueObject> inventory)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var extension in inventory.Values.Where(found => found.Extension is not null).GroupBy(found => found.Extension!).ToList())
        {
            var text = new StringBuilder();
            foreach (var member in extension.OrderBy(member => member.Key, StringComparer.Ordinal))
            {
                text.Append(member.Key).Append('\n');
                foreach (var (fact, value) in member.Facts)
                    text.Append('\t').Append(fact).Append('=').Append(value.ReplaceLineEndings(" ")).Append('\n');
                inventory.Remove(member.Key);
            }

            members.Add(extension.Key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
        }

        return members;
    }

    internal static IEnumerable<LintFinding> Compare(SortedDictionary<string, string> found, IEnumerable<string> accounts, List<string> unseen)
    {
        var pins = accounts.Where(account => account.Contains('=', StringComparison.Ordinal)).ToDictionary(account => account.Split('=')[0], account => account.Split('=')[1], StringComparer.Ordinal);
        foreach (var (extension, members) in found)
            if (!pins.TryGetValue(extension, out var pinned))
                unseen.Add($"members of the extension {extension} (to pin them, account for it as {extension}={members})");
            else if (pinned != members)
                yield return new LintFinding(Name, extension, "The extension, a member of it, or what hangs on a member isn't as it was pinned.",
                    $"ALTER EXTENSION {extension} DROP … whatever doesn't belong there; after an update that you made, pin it anew: Vouchsafe:Database:KnownExtensions: {extension}={members}.");
        foreach (var gone in pins.Keys.Where(pinned => !found.ContainsKey(pinned) && pinned != OfServer))
            unseen.Add($"members of the extension {gone} (it isn't in the database)");
    }
}

using System.Globalization;
using Microsoft.Extensions.Configuration;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Configuration;

/// <summary>Reads <c>Vouchsafe:Database</c>.</summary>
internal static class DatabaseSettings
{
    /// <exception cref="ConfigurationException">A value is missing or out of range.</exception>
    public static DatabaseOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Vouchsafe:Database");
        return new DatabaseOptions
        {
            Host = Required(section, "Host"),
            Port = Number(section, "Port", fallback: 5432, least: 1, most: 65535),
            Name = Required(section, "Name"),
            AppPassword = Required(section, "AppPassword"),
            PlatformPassword = Required(section, "PlatformPassword"),
            OwnerPassword = section["OwnerPassword"],
            KnownRoles = Names(section, "KnownRoles") ?? DatabaseOptions.DefaultKnownRoles,
            KnownExtensions = Names(section, "KnownExtensions") ?? DatabaseOptions.DefaultKnownExtensions,
            KnownServerHashes = Names(section, "KnownServerHashes") ?? [],
            MaximumConnections = Number(section, "MaximumConnections", fallback: 50, least: 4, most: 10_000),
        };
    }

    internal static string Required(IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } value ? value : throw new ConfigurationException($"{section.Path}:{key} is missing.");

    private static string[]? Names(IConfigurationSection section, string key) =>
        section.GetSection(key).GetChildren().Select(child => child.Value).OfType<string>().ToArray() is { Length: > 0 } names ? names : null;

    private static int Number(IConfigurationSection section, string key, int fallback, int least, int most)
    {
        if (section[key] is not { Length: > 0 } text)
            return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ConfigurationException($"{section.Path}:{key} must be a whole number from {least} to {most}.");
    }
}

/// <summary>The configuration can't be used; the message says which key, and what it takes.</summary>
public sealed class ConfigurationException(string message) : Exception(message);

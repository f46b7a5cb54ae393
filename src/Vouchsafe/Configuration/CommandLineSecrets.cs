namespace Vouchsafe.Configuration;

/// <summary>Refuses secrets among a process's arguments, where the framework's configuration would take them from.</summary>
internal static class CommandLineSecrets
{
    private static readonly string[] Secrets = ["Password", "Secret", "Passphrase", "Token"];

    /// <param name="arguments">Those of the process itself: every account of the machine reads them.</param>
    /// <exception cref="ConfigurationException">One sets a secret; the message names its key, never its value.</exception>
    public static void Refuse(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            var key = argument.TrimStart('-', '/').Split('=', ' ')[0].Replace("__", ":", StringComparison.Ordinal);
            if (key.StartsWith("Vouchsafe:", StringComparison.OrdinalIgnoreCase) && Secrets.Any(secret => key.EndsWith(secret, StringComparison.OrdinalIgnoreCase)))
                throw new ConfigurationException($"{key} is given as an argument, which every account of this machine can read. Give it in the environment or in a file.");
        }
    }
}

using System.Globalization;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>The server's settings, given on its command line: there is no file that could say otherwise unseen.</summary>
internal static class ServerSettings
{
    internal static IEnumerable<string> For(ClusterOptions options, int port, string? socketFolder)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = socketFolder ?? "",
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = options.Connections.ToString(CultureInfo.InvariantCulture),
            ["password_encryption"] = "scram-sha-256",
            ["shared_buffers"] = options.ThrowAway ? "64MB" : "256MB",
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // The log names errors and never rows: statements and details carry values.
            ["log_min_error_statement"] = "panic",
            ["log_error_verbosity"] = "terse",
            ["log_statement"] = "none",
            ["idle_in_transaction_session_timeout"] = "60s",
        };
        if (options.ThrowAway)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
            settings["autovacuum_naptime"] = "1h";
        }

        return settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
    }
}

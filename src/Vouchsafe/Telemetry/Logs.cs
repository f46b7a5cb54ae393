using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vouchsafe.Telemetry;

/// <summary>Logs are one JSON object a line, and hold no personal data.</summary>
/// <remarks>
/// The framework logs every request's address with its query at Information, and a query holds what people search for. Who did what
/// stands in the trail, sealed; traces say what took how long. So the framework is heard from Warning on. A host that wants more of a category says so in
/// <c>Logging:LogLevel</c> by a longer name, such as <c>Microsoft.AspNetCore.Routing</c>.
/// </remarks>
internal static class Logs
{
    public static void Register(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
        // The host makes an activity and a scope for every request that it could say something about, and has nothing left to say: the edge
        // logs what failed. Traces have their own activity.
        if (configuration["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] is null)
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (string.IsNullOrEmpty(configuration["Logging:Console:FormatterName"]))
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
    }
}

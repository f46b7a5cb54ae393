using System.Text.Json.Nodes;

namespace Vouchsafe.Claims.Checks;

/// <summary>What one run of a check saw.</summary>
/// <param name="Holds">Whether the control was seen to work.</param>
/// <param name="Message">One sentence for a person: what holds, or what is wrong and where.</param>
/// <param name="Seen">The observations behind the message: protocol versions, status codes, row counts. No personal data.</param>
public sealed record Finding(bool Holds, string Message, JsonObject Seen)
{
    public static Finding Held(string message, JsonObject? seen = null) => new(true, message, seen ?? []);

    public static Finding Broken(string message, JsonObject? seen = null) => new(false, message, seen ?? []);
}

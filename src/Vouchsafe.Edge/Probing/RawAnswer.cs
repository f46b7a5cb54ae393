using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Text;

namespace Vouchsafe.Edge.Probing;

/// <summary>An answer as it came, whatever produced it.</summary>
/// <param name="What">How the request would be called: «GET /».</param>
/// <param name="Status">0 where nothing came.</param>
/// <param name="Headers">Names in lower case; several fields of one name stand one behind the other.</param>
internal sealed record RawAnswer(string What, int Status, ILookup<string, string> Headers, string Body)
{
    private const int LongestAnswer = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether the address that was asked for carries a link's token.</summary>
    public bool HasToken { get; init; }

    public string? Only(string name)
    {
        var values = Headers[name].ToArray();
        return values.Length == 1 ? values[0] : null;
    }

    public static async Task<RawAnswer> OfAsync(string what, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var fields = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .SelectMany(header => header.Value.Select(value => (Name: header.Key.ToLowerInvariant(), Value: value)));
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return new(what, (int)response.StatusCode, fields.ToLookup(field => field.Name, field => field.Value), body.Length > LongestAnswer ? body[..LongestAnswer] : body);
    }

    /// <summary>Sends bytes that no HTTP client would, and reads what comes until the connection ends.</summary>
    public static async Task<RawAnswer> OfRawAsync(string what, Outsider outsider, Uri node, string request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using var stream = await outsider.SecureAsync(node, patience.Token, SslApplicationProtocol.Http11);
        var buffer = new byte[LongestAnswer];
        var length = 0;
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            int read;
            while (length < buffer.Length && (read = await stream.ReadAsync(buffer.AsMemory(length), patience.Token)) > 0)
            {
                length += read;
                if (IsWhole(Encoding.Latin1.GetString(buffer, 0, length))) break;
            }
        }
        catch (IOException)
        {
            // Reset while the rest of an oversized request was on its way; what came before counts.
        }
        return Parse(what, Encoding.Latin1.GetString(buffer, 0, length));
    }

    internal static RawAnswer Parse(string what, string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (head < 0 ? answer : answer[..head]).Split("\r\n");
        var words = lines[0].Split(' ');
        var status = words.Length > 1 && words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var fields = lines.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0].Trim().ToLowerInvariant(), parts => parts[1].Trim());
        return new(what, status, fields, head < 0 ? "" : answer[(head + 4)..]);
    }

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return head >= 0 && Parse("", answer).Only("content-length") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && answer.Length >= head + 4 + length;
    }
}

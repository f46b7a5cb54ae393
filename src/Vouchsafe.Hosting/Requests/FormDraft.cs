using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Vouchsafe.Hosting.Requests;

/// <summary>
/// What somebody wrote into a form that is shown to them again, so that they needn't write it twice. It travels in their own browser, sealed, for a few minutes and once: an
/// address would stand in logs and histories, and of a stranger the server keeps nothing.
/// </summary>
public sealed class FormDraft(IDataProtectionProvider protection, TimeProvider time)
{
    internal const string Cookie = "__Host-draft";

    /// <summary>What a browser takes of one cookie is 4,096 bytes (RFC 6265, section 6.1). A longer draft is forgotten.</summary>
    private const int Longest = 3_500;

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <param name="path">The form's; no other form is shown the draft.</param>
    /// <param name="fields">Those worth keeping: never a password.</param>
    public void Keep(HttpContext context, string path, IEnumerable<KeyValuePair<string, string?>> fields)
    {
        var draft = new Draft(time.GetUtcNow(), fields.Where(field => !string.IsNullOrEmpty(field.Value)).ToDictionary(field => field.Key, field => field.Value!));
        var text = WebEncoders.Base64UrlEncode(Protector(path).Protect(JsonSerializer.SerializeToUtf8Bytes(draft)));
        if (text.Length <= Longest) context.Response.Cookies.Append(Cookie, text, Options(Lasts));
    }

    /// <summary>The fields that were kept for the form, and forgets them; none where there is no draft, or one that isn't ours.</summary>
    public IReadOnlyDictionary<string, string> Take(HttpContext context, string path)
    {
        var fields = Read(context, path);
        if (context.Request.Cookies.ContainsKey(Cookie)) context.Response.Cookies.Delete(Cookie, Options(null));
        return fields;
    }

    /// <summary>The fields that were kept for the form, which stay kept.</summary>
    public IReadOnlyDictionary<string, string> Read(HttpContext context, string path)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and <= Longest } text) return new Dictionary<string, string>();
        try
        {
            return JsonSerializer.Deserialize<Draft>(Protector(path).Unprotect(WebEncoders.Base64UrlDecode(text))) is { } draft && time.GetUtcNow() - draft.At <= Lasts
                ? draft.Fields
                : new Dictionary<string, string>();
        }
        catch (Exception foreign) when (foreign is FormatException or CryptographicException or JsonException)
        {
            return new Dictionary<string, string>();
        }
    }

    private IDataProtector Protector(string path) => protection.CreateProtector("vouchsafe.form-draft", path);

    private static CookieOptions Options(TimeSpan? lasts) =>
        new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = lasts, IsEssential = true };

    private sealed record Draft(DateTimeOffset At, Dictionary<string, string> Fields);
}

using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures;

/// <summary>Collects what is wrong with one file, so that an author sees all of it at once.</summary>
internal sealed class ErrorList(string file)
{
    private const int Most = 100;
    private const int LongestShown = 200;
    private readonly List<PostureError> errors = [];

    public string File => file;

    public bool Any => errors.Count > 0;

    public void Add(PostureFault fault, Place at, string message)
    {
        if (errors.Count < Most) errors.Add(new PostureError(fault, file, at.Line, at.Column, message));
    }

    public void ThrowIfAny()
    {
        if (Any) throw new PostureException([.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
    }

    /// <summary>Something from the file as a message may show it: short, and without control characters.</summary>
    public static string Shown(string text)
    {
        var clean = string.Concat(text.Take(LongestShown).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\ufffd' : letter));
        return text.Length > LongestShown ? clean + "…" : clean;
    }
}

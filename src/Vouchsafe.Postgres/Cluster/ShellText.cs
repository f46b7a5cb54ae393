namespace Vouchsafe.Postgres.Cluster;

/// <summary>Words of a command line that somebody copies into a shell.</summary>
internal static class ShellText
{
    /// <summary>The text as one word of a POSIX shell (XCU, section 2.2.2).</summary>
    public static string Quoted(string text) =>
        text.Length > 0
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or '+' or ':' or '@')
            ? text
            : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

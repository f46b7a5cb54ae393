namespace Vouchsafe.Claims.Postures;

/// <summary>What can be wrong with a posture.</summary>
public enum PostureFault
{
    /// <summary>The file can't be read.</summary>
    Unreadable,

    /// <summary>Not UTF-8.</summary>
    Encoding,

    /// <summary>More bytes, values or characters than a posture may have.</summary>
    TooLarge,

    /// <summary>Nested deeper than a posture may be.</summary>
    TooDeep,

    /// <summary>Not YAML.</summary>
    Syntax,
    AliasRefused,
    TagRefused,
    DuplicateKey,
    SeveralDocuments,

    /// <summary>A list where a mapping is expected, or the like.</summary>
    WrongShape,
    UnknownKey,
    MissingKey,

    /// <summary>A word, date or identifier that isn't of its form.</summary>
    InvalidValue,

    /// <summary><c>extends</c> names no base document, or a chain of them that has no end.</summary>
    UnknownBase,
    DuplicateClaim,

    /// <summary>The list of claims is empty: nothing is promised, so nothing could be verified.</summary>
    NoClaims,
    NoControls,
    UnknownControl,
    UnknownFigure,

    /// <summary>A figure of the wrong type, or one that the control can't keep.</summary>
    FigureOutOfBounds,
    MissingFigure,

    /// <summary>The same figure with the same value in two places.</summary>
    FigureTwice,

    /// <summary>The same figure with different values, or figures of a control that can't be true together.</summary>
    Contradiction,
    MissingText,

    /// <summary>Braces in a text that don't close, or aren't <c>{control.figure}</c>.</summary>
    BrokenTemplate,
    UnknownPlaceholder,
}

/// <summary>One thing that is wrong with a posture, and where.</summary>
/// <param name="File">As it was named to the loader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record PostureError(PostureFault Fault, string File, int Line, int Column, string Message)
{
    /// <summary><c>file:line:column: message</c>, which editors and terminals make a link.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>A posture that can't be used. Nothing was started or changed.</summary>
public sealed class PostureException : Exception
{
    internal PostureException(IReadOnlyList<PostureError> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>All errors, in the order of the file; at most a hundred.</summary>
    public IReadOnlyList<PostureError> Errors { get; }
}

using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.Limits;

/// <summary>
/// Which budget of attempts an endpoint spends, by account or by address, before it looks at what it was sent. The
/// budget per client comes on top: <see cref="Limit"/>.
/// </summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Of">Of links and mails, which; where there is <see cref="AttemptKind.Nothing"/> to guess, why.</param>
public sealed record CountedAttempts(AttemptKind Kind, string Of = "");

/// <summary>What an endpoint takes that somebody could guess, or could have sent to somebody else.</summary>
public enum AttemptKind
{
    /// <summary>An address and a password, of somebody who isn't signed in.</summary>
    SignIn,

    /// <summary>A password beside a link from its account's mailbox.</summary>
    Link,

    /// <summary>The password of somebody who is signed in.</summary>
    Session,

    /// <summary>An address that is sent a mail.</summary>
    Mail,

    /// <summary>Nothing that can be guessed, and nobody's address.</summary>
    Nothing,
}

/// <summary>
/// Its methods ask for a password, take a link's token or send a mail: an endpoint whose handler is given it declares
/// its <see cref="CountedAttempts"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class CountsAttemptsAttribute : Attribute;

public static class CountedAttemptsExtensions
{
    /// <param name="of">Of a link, its purpose; of a mail, which.</param>
    public static TBuilder CountAttempts<TBuilder>(this TBuilder builder, AttemptKind kind, string of = "")
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CountedAttempts(kind, of));

    /// <param name="why">Shown to reviewers.</param>
    public static TBuilder NothingToGuess<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CountedAttempts(AttemptKind.Nothing, why));
}

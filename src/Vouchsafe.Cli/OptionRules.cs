using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Vouchsafe.Cli;

/// <summary>What several commands ask of a value, refused as misuse before anything is done.</summary>
internal static class OptionRules
{
    private const int HighestPort = ushort.MaxValue;

    /// <param name="lowest">0 where the system may choose one.</param>
    public static Option<int> OfPort(this Option<int> option, int lowest = 1)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var port) && (port < lowest || port > HighestPort))
                result.AddError($"{option.Name} is a port from {lowest} to {HighestPort}.");
        });
        return option;
    }

    /// <summary>For a command's validators, which run although a value couldn't be read: then it is null, and the parser says why.</summary>
    public static T? Read<T>(this CommandResult result, Option<T?> option) where T : struct
    {
        try
        {
            return result.GetResult(option) is null ? null : result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>For names of files and folders: the framework takes an empty one for a programmer's mistake.</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{option.Name} is empty.");
        });
        return option;
    }

    /// <inheritdoc cref="NotEmpty{T}(Option{T})"/>
    public static Argument<T> NotEmpty<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{argument.Name} is empty.");
        });
        return argument;
    }
}

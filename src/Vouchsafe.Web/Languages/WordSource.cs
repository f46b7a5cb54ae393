using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Vouchsafe.Web.Languages;

/// <summary>An assembly that brings words: <c>words.{language}.json</c> as embedded resources, one for each language there is.</summary>
public sealed record WordSource(Assembly Assembly);

public static class WordSourceExtensions
{
    /// <summary>Adds a host's words to those of the pages. A key that is there already stops the start-up.</summary>
    public static IServiceCollection AddWords(this IServiceCollection services, Assembly assembly) => services.AddSingleton(new WordSource(assembly));
}

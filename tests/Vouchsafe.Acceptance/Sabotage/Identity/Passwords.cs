using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Identity;

/// <summary>Passwords are hashed with half the iterations, on every node.</summary>
internal sealed class FewerIterations : ISabotage
{
    public string Control => "passwords.pbkdf2";

    public string Name => "lower the iterations";

    public string ExpectedMessageFragment => "iterations, where";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var all = context.Nodes.Select(node => node.GetRequiredService<PasswordOptions>()).ToList();
        context.Kept[Name] = all.Select(options => (options, options.Figures)).ToList();
        foreach (var options in all)
            options.Figures = new PasswordHashOptions(options.Figures.Iterations / 2, options.Figures.SaltBytes, options.Figures.HashBytes);
        return Task.FromResult<string?>($"new hashes have {all[0].Figures.Iterations} iterations");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var kept))
            foreach (var (options, figures) in (List<(PasswordOptions, PasswordHashOptions)>)kept)
                options.Figures = figures;
        return Task.CompletedTask;
    }
}

/// <summary>An address without an account is verified against a hash of one iteration: it answers sooner.</summary>
internal sealed class EarlyExit : ISabotage
{
    public string Control => "passwords.pbkdf2";

    public string Name => "do less work for unknown addresses";

    public string ExpectedMessageFragment => "timing";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var all = context.Nodes.Select(node => node.GetRequiredService<PasswordOptions>()).ToList();
        context.Kept[Name] = all.Select(options => (options, options.Decoy)).ToList();
        foreach (var options in all)
            options.Decoy = PasswordHash.Create("decoy", new PasswordHashOptions(1000, options.Figures.SaltBytes, options.Figures.HashBytes));
        return Task.FromResult<string?>($"the decoy has {all[0].Decoy.Iterations} iterations");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var kept))
            foreach (var (options, decoy) in (List<(PasswordOptions, PasswordHash)>)kept)
                options.Decoy = decoy;
        return Task.CompletedTask;
    }
}

/// <summary>An address without an account is refused without a hash: what a quick look-up before the password would do.</summary>
internal sealed class UnknownUnhashed : ISabotage
{
    public string Control => "passwords.pbkdf2";

    public string Name => "refuse unknown addresses without hashing";

    public string ExpectedMessageFragment => "costs 0 iterations";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var all = context.Nodes.Select(node => node.GetRequiredService<SignIn>()).ToList();
        context.Kept[Name] = all.Select(signIn => (signIn, Hasher.GetValue(signIn))).ToList();
        foreach (var (signIn, node) in all.Zip(context.Nodes))
            Hasher.SetValue(signIn, new Quick(node.GetRequiredService<PasswordOptions>()));
        return Task.FromResult(all.TrueForAll(signIn => Hasher.GetValue(signIn) is Quick) ? "unknown addresses are refused at once" : null);
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var kept))
            foreach (var (signIn, sound) in (List<(SignIn, object?)>)kept)
                Hasher.SetValue(signIn, sound);
        return Task.CompletedTask;
    }

    private static FieldInfo Hasher { get; } =
        typeof(SignIn).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Single(field => field.FieldType == typeof(PasswordHasher));

    private sealed class Quick(PasswordOptions options) : PasswordHasher(options)
    {
        public override PasswordVerdict Verify(string password, string? stored) => stored is null ? PasswordVerdict.Wrong : base.Verify(password, stored);
    }
}

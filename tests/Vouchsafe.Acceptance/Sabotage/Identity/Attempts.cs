using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Identity;

/// <summary>
/// One way to show a password that counts clients and no account: whoever has many addresses guesses there.
/// </summary>
internal abstract class UncountedRoute(string path, CountedAttempts declared, string name) : ISabotage
{
    public string Control => ClientLimit.SignInControl;

    public string Name => name;

    public string ExpectedMessageFragment => $"POST {path} was answered 200 and counted no attempt";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var late in Late.Of(context))
            late.Take(path, new Limit("limits.sign-in"), new OpenToAnybodyAttribute("sabotage"), declared);
        return Task.FromResult<string?>($"POST {path} counts no attempt at an account");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) => Late.ClearAsync(context);
}

internal sealed class UncountedInvitation()
    : UncountedRoute("/invitation", new CountedAttempts(AttemptKind.Link, "invitation"), "count no password that is shown with an invitation");

internal sealed class UncountedSignIn() : UncountedRoute("/sign-in", new CountedAttempts(AttemptKind.SignIn), "count no password for one account on the form");

/// <summary>Asking for a reset says whether the address has an account.</summary>
internal sealed class TellingReset : ISabotage
{
    public string Control => "passwords.pbkdf2";

    public string Name => "tell by a reset whether an address has an account";

    public string ExpectedMessageFragment => "the answer tells which it is";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var (late, node) in Late.Of(context).Zip(context.Nodes))
            late.Take("/api/account/reset", http => AnswerAsync(http, node.GetRequiredService<ICanaryCallers>()),
                new Limit("limits.sign-in"), new OpenToAnybodyAttribute("sabotage"), new CountedAttempts(AttemptKind.Mail, "reset"));
        return Task.FromResult<string?>("a known address is answered 404");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) => Late.ClearAsync(context);

    private static async Task AnswerAsync(HttpContext http, ICanaryCallers canaries)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Response.StatusCode = body.RootElement.GetProperty("email").GetString() == canaries.Address(Roles.User) ? 204 : 202;
    }
}

/// <summary>A new password leaves the sessions of the old one alive: the database lets no session end.</summary>
internal sealed class SessionsThatLast : ISabotage
{
    public string Control => TokenOptions.ValidationControl;

    public string Name => "leave sessions alive when the password changes";

    public string ExpectedMessageFragment => "from before is still accepted";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await TestDatabase.RunAsync(context.Superuser,
            """
            create function public.keep_sessions() returns trigger language plpgsql as $$ begin return null; end $$;
            create trigger keep_sessions before update of ended_at on identity.sessions for each row execute function public.keep_sessions();
            """);
        return "no session ends";
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        TestDatabase.RunAsync(context.Superuser, "drop function if exists public.keep_sessions() cascade");
}

/// <summary>An invitation makes a member at once, whether or not the person accepts.</summary>
internal sealed class MembersByInvitation : ISabotage
{
    public string Control => RoleMatrix.Control;

    public string Name => "make members of people who were invited and didn't accept";

    public string ExpectedMessageFragment => "an invitation that nobody accepted made";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await TestDatabase.RunAsync(context.Superuser,
            """
            create function public.join_at_once() returns trigger language plpgsql security definer as $$
            declare made uuid := '00000000-0000-4000-8000-00000000beef';
            begin
                insert into identity.users (user_id, email_index, email_sealed, password) select made, new.email_index, '', password from identity.users limit 1;
                insert into identity.memberships (tenant_id, user_id, role) values (new.tenant_id, made, new.role);
                return new;
            end $$;
            create trigger join_at_once after insert on identity.links for each row when (new.purpose = 'invitation') execute function public.join_at_once();
            """);
        return "an invitation makes account and membership";
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) => TestDatabase.RunAsync(context.Superuser,
        """
        drop function if exists public.join_at_once() cascade;
        delete from identity.memberships where user_id = '00000000-0000-4000-8000-00000000beef';
        delete from identity.users where user_id = '00000000-0000-4000-8000-00000000beef';
        """);
}

/// <summary>The endpoints that a sabotage adds to each node.</summary>
internal static class Late
{
    public static IEnumerable<LateEndpoints> Of(SabotageContext context) =>
        context.Nodes.Select(node => node.GetServices<IModule>().OfType<LateEndpoints>().Single());

    public static Task ClearAsync(SabotageContext context)
    {
        foreach (var late in Of(context))
            late.Clear();
        return Task.CompletedTask;
    }
}

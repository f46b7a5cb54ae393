using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Tenants;

/// <summary>Trials last a day longer than the posture says, on every node.</summary>
internal sealed class LongerTrial : ISabotage
{
    private static readonly TimeSpan More = TimeSpan.FromDays(1);

    public string Control => "subscription.trial";

    public string Name => "keep writing on day 15";

    public string ExpectedMessageFragment => "On day 15 a tenant whose trial ended is answered with 204";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var options in context.Nodes.Select(node => node.GetRequiredService<TrialOptions>()))
            options.Length += More;
        context.Kept[Name] = true;
        return Task.FromResult<string?>("trials last a day longer on every node");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name))
            foreach (var options in context.Nodes.Select(node => node.GetRequiredService<TrialOptions>()))
                options.Length -= More;
        return Task.CompletedTask;
    }
}

/// <summary>A superuser lets the database forget what a canary's cancellation starts.</summary>
internal sealed class ClocklessCancellation : ISabotage
{
    private const string Define = "select pg_get_functiondef('tenants.cancel(uuid, timestamptz, timestamptz, timestamptz)'::regprocedure)";

    public string Control => "subscription.trial";

    public string Name => "cancel without starting a clock";

    public string ExpectedMessageFragment => "started no clock";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var sound = (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))!;
        context.Kept[Name] = sound;
        await Superuser.ScalarAsync(context,
            "create or replace function tenants.cancel(p_tenant uuid, p_at timestamptz, p_return_until timestamptz, p_gone_by timestamptz) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin return true; end $$",
            cancellationToken);
        return (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))! != sound ? "tenants.cancel changes nothing" : null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var sound))
            await Superuser.ScalarAsync(context, (string)sound, cancellationToken);
    }
}

/// <summary>The directory stretches each trial as it is written, whatever the application says.</summary>
internal sealed class StretchedTrial : ISabotage
{
    public string Control => "subscription.trial";

    public string Name => "stretch trials in the database";

    public string ExpectedMessageFragment => "whose trial ended is answered with 204";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context,
            """
            create function tenants.stretch() returns trigger language plpgsql as $$ begin new.trial_ends_at := new.trial_ends_at + interval '1 year'; return new; end $$;
            create trigger stretch before insert or update on tenants.tenants for each row execute function tenants.stretch();
            grant execute on function tenants.stretch() to public
            """, cancellationToken);
        return await Superuser.ScalarAsync(context, "select exists (select from pg_trigger where tgname = 'stretch')", cancellationToken) is true ? "trials are stretched by a trigger" : null;
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        Superuser.ScalarAsync(context, "drop trigger if exists stretch on tenants.tenants; drop function if exists tenants.stretch()", cancellationToken);
}

using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>The only writer of the trail becomes one that does nothing: changes go on, entries don't come.</summary>
internal sealed class SwallowedEntries : ISabotage
{
    private const string Define = "select pg_get_functiondef('audit.append(uuid, uuid, bytea[], bytea[])'::regprocedure)";

    public string Control => "audit.actions";

    public string Name => "change something without an entry";

    public string ExpectedMessageFragment => "left no entry";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var sound = (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))!;
        context.Kept[Name] = sound;
        await Superuser.ScalarAsync(context,
            "create or replace function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin end $$",
            cancellationToken);
        return (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))! != sound ? "audit.append writes nothing" : null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var sound))
            await Superuser.ScalarAsync(context, (string)sound, cancellationToken);
    }
}

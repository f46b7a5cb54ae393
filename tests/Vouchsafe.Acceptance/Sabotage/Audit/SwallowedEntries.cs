using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>The writers of the trail, ordinary and strict, become ones that do nothing: changes go on, entries don't come.</summary>
internal sealed class SwallowedEntries : ISabotage
{
    private const string Define = "select string_agg(pg_get_functiondef(oid), '; ' order by proname) from pg_proc where pronamespace = 'audit'::regnamespace and proname in ('append', 'append_indexed')";

    private const string Silent =
        """
        create or replace function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin end $$;
        create or replace function audit.append_indexed(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns bigint
            language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin return 0; end $$
        """;

    public string Control => "audit.actions";

    public string Name => "change something without an entry";

    public string ExpectedMessageFragment => "left no entry";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var sound = (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))!;
        context.Kept[Name] = sound;
        await Superuser.ScalarAsync(context, Silent, cancellationToken);
        return (string)(await Superuser.ScalarAsync(context, Define, cancellationToken))! != sound ? "audit.append writes nothing" : null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name, out var sound))
            await Superuser.ScalarAsync(context, (string)sound, cancellationToken);
    }
}

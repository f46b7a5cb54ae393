using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Vouchsafe.Postgres.Linting;

/// <summary>The catalogue as the rules see it: common table expressions, of which a statement gets those that it names.</summary>
/// <remarks>Parameters: $1 roles and $2 extensions that the operator accounts for, $3 the names of functions closed to run-time logins, $4 settings of our logins.</remarks>
internal static partial class Catalogue
{
    private static readonly (string Name, string Head, string Body)[] Views =
    [
        View("known_roles (name)", "select unnest($1::text[])"),
        View("our_roles (oid, name)", "select oid, rolname from pg_roles where rolname in ('vouchsafe_owner', 'vouchsafe_app', 'vouchsafe_platform')"),
        View("run_time", "select oid, name from our_roles where name <> 'vouchsafe_owner'"),
        View("accounted (oid)", "select oid from our_roles union select oid from pg_roles where rolname in (select name from known_roles)"),
        // Not those of plpgsql: it is the server's own, and what else was put into it is nobody's.
        View("extension_members",
            """
            select d.classid, d.objid from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid
            where d.deptype = 'e' and e.extname = any ($2) and e.extname <> 'plpgsql'
            """),
        View("closed_functions (pattern)", "select $3::text"),
        View("role_settings (setting)", "select unnest($4::text[])"),
        View("tables",
            """
            select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
                   h.parent is not null as is_child, coalesce(own.class, inherited.class) as class, own.class as own_class, own.rights, own.because, coalesce(own.shared, inherited.shared) as shared
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join lateral (select i.inhparent as parent from pg_inherits i where i.inhrelid = c.oid order by i.inhseqno limit 1) h on true
            left join lateral (select m[1] as class, coalesce(m[2], '') as rights, coalesce(string_to_array(m[3], ','), '{}') as shared, m[4] as because
                               from regexp_match(obj_description(c.oid, 'pg_class'), '^vouchsafe:(tenant|owned|platform|reference|owner)(?: ([a-z]+(?:, ?[a-z]+)*))?(?: statistics=([a-z0-9_,]+))?(?: because (.+))?$') m) own on true
            left join lateral (with recursive above as (select h.parent as oid union all select i.inhparent from above join pg_inherits i on i.inhrelid = above.oid)
                               select m[1] as class, coalesce(string_to_array(m[2], ','), '{}') as shared
                               from above, regexp_match(obj_description(above.oid, 'pg_class'), '^vouchsafe:(tenant|owned|platform|reference|owner)(?: [a-z]+(?:, ?[a-z]+)*)?(?: statistics=([a-z0-9_,]+))?(?: because .+)?$') m
                               where m is not null limit 1) inherited on h.parent is not null
            where c.relkind in ('r', 'p', 'f') and c.oid >= 16384 and c.relpersistence <> 't'
            """),
        View("tenant_tables", "select * from tables where class in ('tenant', 'owned')"),
        View("tenant_columns", "select t.oid, a.attnum from tables t join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id' and not a.attisdropped"),
        View("policies",
            """
            select t.oid, t.name, t.class, p.polname, p.polpermissive, p.polcmd, p.polroles,
                   pg_get_expr(p.polqual, p.polrelid) as reads, pg_get_expr(p.polwithcheck, p.polrelid) as writes,
                   regexp_replace(p.polqual::text, ':(location|funcformat) -?\d+', ':\1', 'g') as reads_tree, regexp_replace(p.polwithcheck::text, ':(location|funcformat) -?\d+', ':\1', 'g') as writes_tree,
                   coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') like '%{SUBLINK %' as has_subselect
            from tenant_tables t join pg_policy p on p.polrelid = t.oid
            """),
        View("expected (class, condition)",
            """
            values ('tenant', '(tenant_id = vouchsafe.current_tenant())'),
                   ('owned', '((tenant_id = vouchsafe.current_tenant()) AND vouchsafe.may_see(owner_id, shared_with))')
            """),
        View("over_tenants",
            """
            select distinct r.ev_class as oid from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
            join tenant_tables t on t.oid = d.refobjid where r.ev_class <> t.oid
            union
            select r.ev_class from over_tenants o join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = o.oid and d.classid = 'pg_rewrite'::regclass
            join pg_rewrite r on r.oid = d.objid where r.ev_class <> o.oid
            """),
        View("functions",
            """
            select p.oid, p.oid::regprocedure::text as name, p.proowner, p.proacl, p.proconfig, p.prosecdef, p.prosrc, p.proleakproof, p.prolang, p.prosupport from pg_proc p where p.oid >= 16384
            """),
        // The expected conditions as PostgreSQL 15 stores and runs them; what it prints of a tree may leave something out. Other versions write trees in other ways.
        View("expected_trees",
            """
            select own.oid, case own.class when 'tenant' then own.tree else format('{BOOLEXPR :boolop and :args (%s %s) :location}', own.tree, may_see.tree) end as tree
            from
            (
                select t.oid, t.class, format('{OPEXPR :opno 2972 :opfuncid 2956 :opresulttype 16 :opretset false :opcollid 0 :inputcollid 0 :args ('
                    '{VAR :varno 1 :varattno %s :vartype 2950 :vartypmod -1 :varcollid 0 :varlevelsup 0 :varnosyn 1 :varattnosyn %s :location} '
                    '{FUNCEXPR :funcid %s :funcresulttype 2950 :funcretset false :funcvariadic false :funcformat :funccollid 0 :inputcollid 0 :args <> :location}) :location}', c.attnum, c.attnum, f.oid) as tree
                from tenant_tables t join tenant_columns c on c.oid = t.oid cross join functions f where f.name = 'vouchsafe.current_tenant()'
            ) own
            left join
            (
                select o.attrelid as oid, format('{FUNCEXPR :funcid %s :funcresulttype 16 :funcretset false :funcvariadic false :funcformat :funccollid 0 :inputcollid 0 :args ('
                    '{VAR :varno 1 :varattno %s :vartype 2950 :vartypmod -1 :varcollid 0 :varlevelsup 0 :varnosyn 1 :varattnosyn %s :location} '
                    '{VAR :varno 1 :varattno %s :vartype 2951 :vartypmod -1 :varcollid 0 :varlevelsup 0 :varnosyn 1 :varattnosyn %s :location}) :location}', f.oid, o.attnum, o.attnum, s.attnum, s.attnum) as tree
                from pg_attribute o join pg_attribute s on s.attrelid = o.attrelid and s.attname = 'shared_with' and not s.attisdropped
                cross join functions f where o.attname = 'owner_id' and not o.attisdropped and f.name = 'vouchsafe.may_see(uuid,uuid[])'
            ) may_see on may_see.oid = own.oid
            where current_setting('server_version_num')::int / 10000 = 15
            """),
        View("grants",
            """
            select t.oid, t.name, t.class, t.own_class, t.rights, t.relowner, a.grantee, lower(a.privilege_type) as privilege
            from tables t cross join lateral aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) a
            union
            select t.oid, t.name, t.class, t.own_class, t.rights, t.relowner, a.grantee, lower(a.privilege_type)
            from tables t join pg_attribute c on c.attrelid = t.oid and c.attacl is not null cross join lateral aclexplode(c.attacl) a
            """),
    ];

    /// <summary>One statement for several rules, so that what they share is planned and computed once: returns the rule's place in the list, object and message.</summary>
    internal static string Statement(IReadOnlyList<LintRule> rules)
    {
        var queries = string.Join("\nunion all\n", rules.Select((rule, place) => $"select {place}, object::text, message::text from ({rule.Query}) rule_{place} (object, message)"));
        return $"{With(queries)} select place, object, message from ({queries}) found (place, object, message) order by place, object";
    }

    // A view may name those before it, and itself; so one pass from the last to the first finds all that are needed.
    private static string With(string text)
    {
        var needed = ImmutableStack<string>.Empty;
        var names = Names(text).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, head, body) in Views.Reverse())
        {
            if (!names.Contains(name))
                continue;
            names.UnionWith(Names(body));
            needed = needed.Push($"{head} as ({body})");
        }

        return needed.IsEmpty ? "" : $"with recursive {string.Join(",\n", needed)}";
    }

    private static IEnumerable<string> Names(string text) => Word().Matches(text).Select(match => match.Value);

    private static (string Name, string Head, string Body) View(string head, string body) => (head.Split(' ')[0], head, body);

    [GeneratedRegex("[a-z_]+")]
    private static partial Regex Word();
}

namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Stored expressions and queries changed where the server doesn't print it: what is printed stays as it was signed off, what runs doesn't.</summary>
internal static class TreePlants
{
    /// <summary>A second argument that is never printed: the function is marked as an implicit cast of its first.</summary>
    private const string Unprinted = ":funcretset false :funcvariadic false :funcformat 2 :funccollid 0 :inputcollid 0 :args (";

    /// <summary>The policy of customers: true for each row, and printed as it was.</summary>
    internal static readonly string OpenPolicy = Write($"update pg_policy set polqual = {OrTrue("polqual")} where polrelid = 'backoffice.customers'::regclass");

    /// <summary>The policy compares with another function than the one that its operator names.</summary>
    internal const string OtherFunction =
        """
        update pg_operator set oprcode = 'uuid_ne' where oid = 'pg_catalog.=(uuid,uuid)'::regoperator;
        alter policy vouchsafe_tenant on backoffice.customers using (tenant_id = vouchsafe.current_tenant());
        update pg_operator set oprcode = 'uuid_eq' where oid = 'pg_catalog.=(uuid,uuid)'::regoperator
        """;

    internal static readonly Plant[] All =
    [
        new("manifest.changed", "policy backoffice.customers", OpenPolicy),
        new("policy.other", "backoffice.customers", OpenPolicy),
        new("manifest.changed", "policy backoffice.customers", OtherFunction),
        new("policy.other", "backoffice.customers", OtherFunction),
        new("manifest.changed", "policy backoffice.customers", Write($"update pg_policy set polwithcheck = {OrTrue("polwithcheck")} where polrelid = 'backoffice.customers'::regclass")),
        // A superuser who isn't in pg_roles.
        new("builtin.digest", "pg_rewrite", "create role shadow superuser login;" + Write(Hide("pg_roles", 1260, 3, "'shadow'::regrole"))
            + "; do $$ begin if exists (select from pg_roles where rolname = 'shadow') then raise 'it shows'; end if; end $$"),
        // A table that isn't in pg_tables.
        new("builtin.digest", "pg_rewrite", "create table public.loot (x int);" + Write(Hide("pg_tables", 1259, 3, "'public.loot'::regclass"))
            + "; do $$ begin if exists (select from pg_tables where tablename = 'loot') then raise 'it shows'; end if; end $$"),
        new("builtin.digest", "pg_rewrite", Write("update pg_rewrite set ev_action = replace(ev_action::text, ':opfuncid 184 ', ':opfuncid 185 ')::pg_node_tree where ev_class = 'information_schema.tables'::regclass")),
        new("builtin.digest", "pg_proc", Write($"update pg_proc set proargdefaults = ('(' || {Implicit(1692, 16, "substr(proargdefaults::text, 2, length(proargdefaults::text) - 2)", True)}::text || ')')::pg_node_tree where oid = 'parse_ident(text, boolean)'::regprocedure")),
        new("builtin.digest", "pg_proc", Write("update pg_proc set prosqlbody = replace(prosqlbody::text, ':opfuncid 65 ', ':opfuncid 144 ')::pg_node_tree where oid = 'information_schema._pg_char_max_length(oid,int4)'::regprocedure")),
        new("builtin.digest", "pg_constraint", Write($"update pg_constraint set conbin = {OrTrue("conbin")} where contypid = 'information_schema.cardinal_number'::regtype")),
    ];

    internal const string True = "{CONST :consttype 16 :consttypmod -1 :constcollid 0 :constlen 1 :constbyval true :constisnull false :location -1 :constvalue 1 [ 1 0 0 0 0 0 0 0 ]}";

    /// <summary>boolle(tree, true), printed as the tree.</summary>
    internal static string OrTrue(string tree) => Implicit(1691, 16, tree + "::text", True);

    /// <summary>function(tree, second), printed as the tree.</summary>
    internal static string Implicit(int function, int type, string tree, string second) =>
        $"('{{FUNCEXPR :funcid {function} :funcresulttype {type} {Unprinted}' || {tree} || ' {second}) :location -1}}')::pg_node_tree";

    /// <summary>Only a superuser may make the cast, which leaves nothing behind.</summary>
    internal static string Write(string update) =>
        $"create cast (text as pg_node_tree) without function; {update}; drop cast (text as pg_node_tree)";

    /// <summary>A row is left out of a system view by a condition that is only meant for row-level security, which is never printed.</summary>
    private static string Hide(string view, int relation, int entry, string oid) =>
        $$"""
        do $$
        declare
            bytes text; tree text; place int;
            never text := '({OPEXPR :opno 608 :opfuncid 185 :opresulttype 16 :opretset false :opcollid 0 :inputcollid 0 :args ({VAR :varno {{entry}} :varattno 1 :vartype 26 :vartypmod -1 :varcollid 0 '
                || ':varlevelsup 0 :varnosyn {{entry}} :varattnosyn 1 :location -1} {CONST :consttype 26 :consttypmod -1 :constcollid 0 :constlen 4 :constbyval true :constisnull false :location -1 :constvalue 4 [ %s 0 0 0 0 ]}) :location -1})';
        begin
            select string_agg((case when b > 127 then b - 256 else b end)::text, ' ' order by n) into bytes
            from (select n, get_byte(int4send({{oid}}::oid::int), 3 - n) from generate_series(0, 3) n) x (n, b);
            select ev_action::text into tree from pg_rewrite where ev_class = '{{view}}'::regclass and rulename = '_RETURN';
            place := strpos(tree, ':relid {{relation}} ');
            update pg_rewrite set ev_action = (substr(tree, 1, place - 1) || regexp_replace(substr(tree, place), ':securityQuals <>', ':securityQuals ' || format(never, bytes)))::pg_node_tree
            where ev_class = '{{view}}'::regclass and rulename = '_RETURN';
        end $$
        """;
}

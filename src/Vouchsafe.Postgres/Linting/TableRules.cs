namespace Vouchsafe.Postgres.Linting;

/// <summary>What a tenant table must be, and what must not hang on it.</summary>
internal static class TableRules
{
    internal static readonly LintRule[] All =
    [
        new("table.undeclared", "Declare it in a migration: CALL vouchsafe.tenant_table('…'), or owned_table, platform_table, reference_table.",
            "select name, 'The table has no class: nobody said whose rows it holds.' from tables where class is null"),
        new("table.tenant-id", "Add the column tenant_id uuid not null, and lead every key with it.",
            """
            select t.name, 'The tenant table has no column tenant_id uuid not null.' from tenant_tables t
            where not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and a.attnotnull and not a.attisdropped)
            """),
        new("table.row-security", "Declare the table anew: CALL vouchsafe.tenant_table('…').",
            "select name, 'Row-level security is off on the tenant table: every row is open.' from tenant_tables where not relrowsecurity and not is_child"),
        new("table.force", "ALTER TABLE … FORCE ROW LEVEL SECURITY.",
            "select name, 'Row-level security isn''t forced on the tenant table: its owner sees every row.' from tenant_tables where not relforcerowsecurity and not is_child"),
        new("policy.missing", "Declare the table anew: CALL vouchsafe.tenant_table('…').",
            "select name, 'The tenant table has no policy vouchsafe_tenant.' from tenant_tables t where not is_child and not exists (select from policies p where p.oid = t.oid and p.polname = 'vouchsafe_tenant')"),
        new("policy.restrictive", "Drop it: where the schema is distributed, RESTRICTIVE is dropped without a word.",
            "select name || ' ' || polname, 'The policy is RESTRICTIVE.' from policies where not polpermissive"),
        new("policy.sub-select", "Write the condition without a sub-select: it runs for each row, and distributed schemas refuse it.",
            "select name || ' ' || polname, 'The policy holds a sub-select.' from policies where polpermissive and has_subselect"),
        new("policy.other", "Leave vouchsafe_tenant alone on the table, as CALL vouchsafe.tenant_table('…') makes it: permissive policies add up.",
            """
            select p.name || ' ' || p.polname, 'The policy is not the one that opens a tenant''s own rows and no more.' from policies p join expected e on e.class = p.class
            left join expected_trees x on x.oid = p.oid
            where p.polpermissive and not p.has_subselect
              and (p.polname <> 'vouchsafe_tenant' or p.polcmd <> '*' or p.polroles <> '{0}' or p.reads is distinct from e.condition or p.writes is distinct from e.condition
                   or p.reads_tree <> x.tree or p.writes_tree <> x.tree)
            """),
        new("partition.open", "Declare the parent anew, which seals its partitions too: CALL vouchsafe.tenant_table('…').",
            """
            select t.name, 'The partition of a tenant table isn''t sealed itself: read by its own name it is open.' from tenant_tables t
            where t.is_child and not (t.relrowsecurity and t.relforcerowsecurity and exists (select from policies p where p.oid = t.oid and p.polname = 'vouchsafe_tenant'))
            """),
        new("table.tenant-column", "Declare it as a tenant table, or say why it may hold tenants' ids for all: CALL vouchsafe.platform_table('…', because => '…').",
            """
            select t.name, 'The table has a column tenant_id, and is neither a tenant table nor says why.' from tables t join tenant_columns c on c.oid = t.oid
            where t.class in ('platform', 'reference', 'owner') and t.because is null
            """),
        new("policy.stray", "Drop the policy and switch row-level security off, or declare the table as a tenant table.",
            """
            select t.name, 'Row-level security or a policy is on a table that isn''t a tenant''s: what it hides, it hides from the checks too.' from tables t
            where coalesce(t.class, '') not in ('tenant', 'owned') and (t.relrowsecurity or t.relforcerowsecurity or exists (select from pg_policy p where p.polrelid = t.oid))
            """),
        new("table.trigger", "Drop it: what a trigger does belongs into the statement or a SECURITY DEFINER function, and distributed schemas refuse triggers.",
            "select t.name || ' ' || g.tgname, 'The table has a trigger.' from tables t join pg_trigger g on g.tgrelid = t.oid where t.class is not null and not g.tgisinternal"),
        new("table.trigger-off", "ALTER TABLE … ENABLE TRIGGER ALL: foreign keys are kept by the server's own triggers.",
            "select distinct t.name, 'A trigger of the server on the table isn''t enabled as it was made.' from tables t join pg_trigger g on g.tgrelid = t.oid where g.tgisinternal and g.tgenabled <> 'O'"),
        new("table.rule", "Drop the rule.",
            "select t.name || ' ' || r.rulename, 'The table has a rewrite rule.' from tables t join pg_rewrite r on r.ev_class = t.oid where t.class is not null"),
        new("table.foreign", "Drop it: rows of a foreign table lie outside row-level security.",
            "select name, 'The table lies on another server.' from tables where relkind = 'f'"),
        new("table.definer", "Call it in the statement: an expression of the table runs for whoever writes, with the rights of the function's owner.",
            """
            select distinct format('%s %s', t.name, f.name), 'A default, generated column, constraint or index of the table calls a SECURITY DEFINER function.'
            from functions f join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid
            left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
            left join pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
            left join pg_index i on d.classid = 'pg_class'::regclass and i.indexrelid = d.objid
            join tables t on t.oid in (a.adrelid, k.conrelid, i.indrelid)
            where f.prosecdef
            """),
        new("key.unique", "Lead the key with tenant_id: without it a conflict tells that another tenant has the same value.",
            """
            select format('%s %s', t.name, i.indexrelid::regclass), 'A unique key or exclusion of the tenant table doesn''t begin with tenant_id.'
            from tenant_tables t join pg_index i on i.indrelid = t.oid and (i.indisunique or i.indisexclusion)
            where not exists (select from tenant_columns c where c.oid = t.oid and c.attnum = i.indkey[0])
            """),
        new("key.foreign", "Begin both sides of the foreign key with tenant_id: the check of a foreign key sees past row-level security.",
            """
            select format('%s %s', t.name, k.conname), 'A foreign key from or to a tenant table doesn''t begin with tenant_id on both sides.'
            from pg_constraint k join tables t on t.oid = k.conrelid join tables target on target.oid = k.confrelid
            where k.contype = 'f' and k.conparentid = 0 and 'reference' is distinct from target.class
              and (t.class in ('tenant', 'owned') or target.class in ('tenant', 'owned'))
              and not (exists (select from tenant_columns c where c.oid = t.oid and c.attnum = k.conkey[1])
                       and exists (select from tenant_columns c where c.oid = target.oid and c.attnum = k.confkey[1]))
            """),
        new("key.sequence", "Number rows within the tenant, or use uuid: a sequence that all tenants share tells each how much the others write.",
            """
            select format('%s.%I', t.name, a.attname), 'A column of the tenant table is numbered by a sequence that all tenants share.'
            from tenant_tables t join pg_attribute a on a.attrelid = t.oid and not a.attisdropped and a.attnum > 0
            left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
            where not t.is_child and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like '%nextval(%')
            """),
        new("publication", "Take the table out of the publication: replication sends every tenant's rows.",
            "select t.name || ' ' || p.pubname, 'The tenant table is published.' from tenant_tables t join pg_publication_tables p on format('%I.%I', p.schemaname, p.tablename) = t.name"),
    ];
}

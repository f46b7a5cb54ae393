namespace Vouchsafe.Postgres.Linting;

/// <summary>Statistics of tenants' tables, which EXPLAIN shows to everybody, and what else in a plan counts foreign rows.</summary>
internal static class StatisticsRules
{
    internal static readonly LintRule[] All =
    [
        new("statistics.column", "Declare the table anew, which closes them: CALL vouchsafe.tenant_table('…'), with statistics => '…' for a column that anybody may learn about.",
            """
            select format('%s.%I', t.name, a.attname), 'ANALYZE counts the values of the column over all tenants, and EXPLAIN tells them.' from tenant_tables t
            join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            where t.relkind in ('r', 'p') and (not t.is_child or t.relrowsecurity and t.relforcerowsecurity) and coalesce(a.attstattarget, -1) <> 0 and (a.attname = 'tenant_id' or a.attname <> all (t.shared))
            """),
        new("statistics.index", "Declare the table anew, which closes them: CALL vouchsafe.tenant_table('…').",
            """
            select i.indexrelid::regclass::text, 'ANALYZE counts the values of an expression of the index over all tenants, and EXPLAIN tells them.' from tenant_tables t
            join pg_index i on i.indrelid = t.oid join pg_attribute a on a.attrelid = i.indexrelid and i.indkey[a.attnum - 1] = 0
            where coalesce(a.attstattarget, -1) <> 0
            """),
        // Readable because harden.sql grants these two columns, which say that something was counted and not what.
        new("statistics.left", "Declare the table anew, which discards them: CALL vouchsafe.tenant_table('…'); create an index of expressions anew.",
            """
            select format('%s.%I', t.name, a.attname), 'What ANALYZE counted of the column over all tenants is still there, and EXPLAIN tells it.' from tenant_tables t
            join pg_statistic s on s.starelid = t.oid join pg_attribute a on a.attrelid = s.starelid and a.attnum = s.staattnum
            where a.attname = 'tenant_id' or a.attname <> all (t.shared)
            union all
            select i.indexrelid::regclass::text, 'What ANALYZE counted of an expression of the index over all tenants is still there, and EXPLAIN tells it.' from tenant_tables t
            join pg_index i on i.indrelid = t.oid where exists (select from pg_statistic s where s.starelid = i.indexrelid)
            """),
        new("statistics.extended", "DROP STATISTICS.",
            """
            select s.name, 'Extended statistics count rows of all tenants, and EXPLAIN tells them.' from (
                select format('%I.%I', n.nspname, e.stxname) as name, e.stxrelid from pg_statistic_ext e join pg_namespace n on n.oid = e.stxnamespace) s(name, relation)
            join tenant_tables t on t.oid = s.relation
            """),
        new("index.tenant-id", "Lead the index with tenant_id.",
            """
            select format('%s %s', t.name, i.indexrelid::regclass), 'An index of the tenant table doesn''t begin with tenant_id: EXPLAIN ANALYZE counts the foreign rows that it finds and row-level security removes.'
            from tenant_tables t join pg_index i on i.indrelid = t.oid and not i.indisunique and not i.indisexclusion
            where not exists (select from tenant_columns c where c.oid = t.oid and c.attnum = i.indkey[0])
            """),
        new("partition.tenant", "Partition by hash of tenant_id, or by something else: the catalogue counts each partition's rows for everybody.",
            """
            select t.name, 'The tenant table has partitions by ranges or lists of tenants: of one with a single tenant the catalogue tells the number of rows.'
            from tenant_tables t join pg_partitioned_table p on p.partrelid = t.oid and p.partstrat <> 'h'
            join tenant_columns c on c.oid = t.oid and c.attnum = any (p.partattrs::smallint[])
            """),
    ];
}

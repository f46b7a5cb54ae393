using Npgsql;

namespace Vouchsafe.Postgres.Linting.Trees;

/// <summary>The names of the objects that node trees refer to, with their schemas.</summary>
internal static class TreeNames
{
    private static readonly string Query =
        $"""
        select o.kind, o.oid, case o.kind
            when {(int)OidKind.Function} then o.oid::oid::regprocedure::text
            when {(int)OidKind.Operator} then o.oid::oid::regoperator::text
            when {(int)OidKind.Relation} then o.oid::oid::regclass::text
            when {(int)OidKind.Type} then o.oid::oid::regtype::text
            when {(int)OidKind.Collation} then o.oid::oid::regcollation::text
            when {(int)OidKind.Constraint} then (select concat_ws(' ', k.conname, 'of', k.conrelid::regclass, k.contypid::regtype) from pg_constraint k where k.oid = o.oid)
            when {(int)OidKind.OperatorClass} then (select concat_ws(' ', c.opcnamespace::regnamespace, c.opcname, c.opcmethod) from pg_opclass c where c.oid = o.oid)
            when {(int)OidKind.OperatorFamily} then (select concat_ws(' ', f.opfnamespace::regnamespace, f.opfname, f.opfmethod) from pg_opfamily f where f.oid = o.oid)
            when {(int)OidKind.Role} then o.oid::oid::regrole::text
            when {(int)OidKind.Schema} then o.oid::oid::regnamespace::text
            when {(int)OidKind.SearchConfiguration} then o.oid::oid::regconfig::text
            when {(int)OidKind.SearchDictionary} then o.oid::oid::regdictionary::text
            when {(int)OidKind.EnumLabel} then (select concat_ws(' ', e.enumtypid::regtype, quote_literal(e.enumlabel)) from pg_enum e where e.oid = o.oid)
            end
        from unnest($1::int[], $2::bigint[]) o (kind, oid)
        """;

    /// <param name="trees">Trees as the server gives them out.</param>
    /// <param name="connection">In the snapshot in which they were read, with a search path of <c>pg_catalog, pg_temp</c>.</param>
    internal static async Task<IReadOnlyDictionary<TreeOid, string>> ReadAsync(IEnumerable<string> trees, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<TreeOid>();
        foreach (var tree in trees)
            NodeTree.Collect(tree, wanted);
        var names = new Dictionary<TreeOid, string>();
        if (wanted.Count == 0)
            return names;
        await using var command = new NpgsqlCommand(Query, connection)
        {
            Parameters = { new() { Value = wanted.Select(oid => (int)oid.Kind).ToArray() }, new() { Value = wanted.Select(oid => (long)oid.Oid).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            // Of an object that isn't there, the server prints the number.
            if (!reader.IsDBNull(2) && !uint.TryParse(reader.GetString(2), out _))
                names.Add(new TreeOid((OidKind)reader.GetInt32(0), (uint)reader.GetInt64(1)), reader.GetString(2));
        return names;
    }
}

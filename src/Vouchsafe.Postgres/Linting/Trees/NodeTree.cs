using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Vouchsafe.Postgres.Linting.Trees;

/// <summary>
/// An expression or query as PostgreSQL stores and runs it (type pg_node_tree), in a form that is the same in each database made by the same statements.
/// The text that the server prints of it (<c>pg_get_expr</c>, <c>pg_get_viewdef</c>) leaves out parts of a tree that somebody wrote by hand.
/// </summary>
/// <remarks>
/// Two things are replaced, and nothing is left out: numbers that say where in a statement's text something stood or how it was spelled, which PostgreSQL's own
/// comparison of trees ignores too; and oids of objects that initdb or a migration numbered (12000 and above), which are given by name. Labels stay where they
/// are, because the server reads a tree by position and doesn't look at them: a value under a false label shows as a false label. What takes the place of an
/// oid stands between line feeds, which the text of a tree can't hold outside of an escape. Of a server that stores integers with the lowest byte first.
/// </remarks>
internal static class NodeTree
{
    /// <summary>The first oid that a cluster gives by itself (FirstUnpinnedObjectId); those below stand in PostgreSQL's source.</summary>
    private const uint FirstOwn = 12000;

    private static readonly FrozenSet<string> Ignored =
        new[] { "location", "stmt_location", "stmt_len", "funcformat", "relabelformat", "coerceformat", "convertformat", "row_format" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, OidKind> Fields = new Dictionary<string, OidKind>(StringComparer.Ordinal)
    {
        ["funcid"] = OidKind.Function, ["opfuncid"] = OidKind.Function, ["hashfuncid"] = OidKind.Function, ["negfuncid"] = OidKind.Function, ["aggfnoid"] = OidKind.Function,
        ["winfnoid"] = OidKind.Function, ["startInRangeFunc"] = OidKind.Function, ["endInRangeFunc"] = OidKind.Function, ["tsmhandler"] = OidKind.Function,
        ["opno"] = OidKind.Operator, ["opnos"] = OidKind.Operator, ["eqop"] = OidKind.Operator, ["sortop"] = OidKind.Operator, ["cycle_mark_neop"] = OidKind.Operator,
        ["relid"] = OidKind.Relation, ["resorigtbl"] = OidKind.Relation, ["seqid"] = OidKind.Relation,
        ["collOid"] = OidKind.Collation, ["inRangeColl"] = OidKind.Collation,
        ["constraint"] = OidKind.Constraint, ["constraintDeps"] = OidKind.Constraint,
        ["inferopclass"] = OidKind.OperatorClass, ["opfamilies"] = OidKind.OperatorFamily, ["checkAsUser"] = OidKind.Role,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Types whose values are oids: regproc, regclass and so on.</summary>
    private static readonly FrozenDictionary<uint, OidKind> Aliases = new Dictionary<uint, OidKind>
    {
        [24] = OidKind.Function, [2202] = OidKind.Function, [2203] = OidKind.Operator, [2204] = OidKind.Operator, [2205] = OidKind.Relation, [2206] = OidKind.Type, [3734] = OidKind.SearchConfiguration,
        [3769] = OidKind.SearchDictionary, [4089] = OidKind.Schema, [4096] = OidKind.Role, [4191] = OidKind.Collation,
    }.ToFrozenDictionary();

    /// <summary>The objects that a tree refers to and that need a name.</summary>
    internal static void Collect(string tree, ISet<TreeOid> found) => Write(tree, oid =>
    {
        found.Add(oid);
        return null;
    });

    /// <param name="names">Of what <see cref="Collect"/> found; what has no name stays the number it is, which then is a difference.</param>
    internal static string Normalise(string tree, IReadOnlyDictionary<TreeOid, string> names) => Write(tree, oid => names.GetValueOrDefault(oid));

    private static string Write(string tree, Func<TreeOid, string?> nameOf)
    {
        var text = new StringBuilder(tree.Length);
        var label = "";
        OidKind? kind = null;
        uint constantType = 0;
        for (var at = 0; Next(tree, ref at) is { Length: > 0 } token;)
        {
            text.Append(' ');
            if (token is [':', _, ..])
            {
                label = token[1..].ToString();
                kind = KindOf(label);
                text.Append(token);
                continue;
            }

            if (label == "consttype")
                constantType = Number(token) ?? 0;
            if (kind is { } known && Number(token) is >= FirstOwn and var oid)
                text.Append(Named(known, oid, nameOf) ?? token.ToString());
            else if (label == "constvalue" && token is "4" && AliasOf(constantType) is { } alias)
                WriteConstant(tree, ref at, text.Append(token), alias, nameOf);
            else if (!(Ignored.Contains(label) && int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
                text.Append(token);
            // A list of oids goes on; whatever else has a number has one.
            if (kind is null)
                label = "";
        }

        return text.ToString();
    }

    // The value is printed byte by byte, signed: [ 57 48 0 0 0 0 0 0 ].
    private static void WriteConstant(string tree, ref int at, StringBuilder text, OidKind kind, Func<TreeOid, string?> nameOf)
    {
        var ahead = at;
        uint oid = 0;
        if (Next(tree, ref ahead) is not "[")
            return;
        for (var place = 0; place < 4; place++)
        {
            if (!int.TryParse(Next(tree, ref ahead), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var part))
                return;
            oid |= (uint)(byte)part << (8 * place);
        }

        if (oid < FirstOwn || Named(kind, oid, nameOf) is not { } name)
            return;
        text.Append(" [ ").Append(name);
        at = ahead;
    }

    private static string? Named(OidKind kind, uint oid, Func<TreeOid, string?> nameOf) => nameOf(new TreeOid(kind, oid)) is { } name ? $"\n{kind} {name}\n" : null;

    private static OidKind? AliasOf(uint type) => Aliases.TryGetValue(type, out var alias) ? alias : type >= FirstOwn ? OidKind.EnumLabel : null;

    private static OidKind? KindOf(string label)
    {
        if (Fields.TryGetValue(label, out var kind))
            return kind;
        bool Ends(string end) => label.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        return Ends("type") || Ends("types") || Ends("typeid") ? OidKind.Type
            : Ends("collid") || Ends("collids") || Ends("collation") || Ends("collations") ? OidKind.Collation
            : null;
    }

    private static uint? Number(ReadOnlySpan<char> token) => uint.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // As pg_strtok divides it: by white space and before and after each bracket, of which a backslash takes away the meaning.
    private static ReadOnlySpan<char> Next(string tree, ref int at)
    {
        while (at < tree.Length && tree[at] is ' ' or '\n' or '\t')
            at++;
        var start = at;
        if (at < tree.Length && tree[at] is '(' or ')' or '{' or '}')
            at++;
        else
            while (at < tree.Length && tree[at] is not (' ' or '\n' or '\t' or '(' or ')' or '{' or '}'))
                at += tree[at] == '\\' && at + 1 < tree.Length ? 2 : 1;
        return tree.AsSpan(start, at - start);
    }
}

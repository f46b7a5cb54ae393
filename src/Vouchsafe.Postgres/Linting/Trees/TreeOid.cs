namespace Vouchsafe.Postgres.Linting.Trees;

/// <summary>The catalogue that an object identifier in a node tree points into.</summary>
internal enum OidKind
{
    Function,
    Operator,
    Relation,
    Type,
    Collation,
    Constraint,
    OperatorClass,
    OperatorFamily,
    Role,
    Schema,
    SearchConfiguration,
    SearchDictionary,
    EnumLabel,
}

/// <summary>An object that a node tree refers to, and that another cluster may have under another oid.</summary>
internal readonly record struct TreeOid(OidKind Kind, uint Oid);

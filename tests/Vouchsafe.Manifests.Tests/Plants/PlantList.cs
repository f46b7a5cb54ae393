namespace Vouchsafe.Manifests.Tests.Plants;

/// <param name="Rule">The rule that must name it.</param>
/// <param name="Object">What the finding's object must contain.</param>
/// <param name="Sql">What a superuser runs. {db} is the database.</param>
internal sealed record Plant(string Rule, string Object, string Sql);

/// <summary>Every plant.</summary>
internal static class PlantList
{
    /// <summary>Rules whose plants can't live in a transaction, or need a schema of their own: AttackTests and SlotTests here, and PlantedFaults in the tests of Vouchsafe.Postgres.</summary>
    internal static readonly string[] Elsewhere =
    [
        "manifest.absent", "extension.members", "context.session", "setting.server", "server.slot",
        "statistics.column", "statistics.index", "statistics.extended", "index.tenant-id", "partition.tenant",
        "table.tenant-id", "policy.missing", "policy.restrictive", "policy.sub-select", "partition.open", "key.sequence", "publication", "function.public", "grant.default",
    ];

    internal static readonly Plant[] All = [.. ContextPlants.All, .. FunctionPlants.All, .. BuiltinPlants.All, .. RolePlants.All, .. TablePlants.All, .. ObjectPlants.All, .. HiddenPlants.All, .. TreePlants.All];
}

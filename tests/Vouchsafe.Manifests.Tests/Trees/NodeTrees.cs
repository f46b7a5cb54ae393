using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Linting.Trees;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Trees;

/// <summary>The normalised form of stored expressions: equal where the same was written, different wherever the server would run something else.</summary>
public sealed class NodeTrees
{
    private static readonly Dictionary<TreeOid, string> Names = new()
    {
        [new(OidKind.Function, 20001)] = "app.f()", [new(OidKind.Function, 30001)] = "app.f()", [new(OidKind.Function, 20002)] = "app.g()",
        [new(OidKind.Relation, 20001)] = "app.numbers", [new(OidKind.Relation, 30001)] = "app.numbers",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{FUNCEXPR :funcid 20001 :location 7}", "{FUNCEXPR :funcid 30001 :location -1}")]
    [InlineData("{FUNCEXPR :funcid 20001 :funcformat 0 :args <>}", "{FUNCEXPR  :funcid 20001\n:funcformat 1 :args <>}")]
    [InlineData("{CONST :consttype 2205 :constlen 4 :location 3 :constvalue 4 [ 33 78 0 0 0 0 0 0 ]}", "{CONST :consttype 2205 :constlen 4 :location 9 :constvalue 4 [ 49 117 0 0 0 0 0 0 ]}")]
    public void The_same_is_equal(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("{FUNCEXPR :funcid 20001}", "{FUNCEXPR :funcid 20002}")]
    // An oid without a name stays a number.
    [InlineData("{FUNCEXPR :funcid 20003}", "{FUNCEXPR :funcid 20004}")]
    // The server takes values by their place and doesn't look at the labels.
    [InlineData("{FUNCEXPR :funcid 20001 :location 7}", "{FUNCEXPR :location 20002 :location 7}")]
    [InlineData("{FUNCEXPR :args <> :location 7}", "{FUNCEXPR :args <> :location {CONST}}")]
    [InlineData("{CONST :location 1 :constvalue 1 [ 0 ]}", "{CONST :location 1 2 :constvalue 1 [ 0 ]}")]
    [InlineData("{CONST :consttype 26 :constvalue 4 [ 33 78 0 0 0 0 0 0 ]}", "{CONST :consttype 26 :constvalue 4 [ 49 117 0 0 0 0 0 0 ]}")]
    [InlineData("{CONST :consttype 2205 :constvalue 4 [ 33 78 0 0 0 0 0 0 ]}", "{CONST :consttype 2205 :constvalue 4 [ 33 78 0 0 1 0 0 0 ]}")]
    [InlineData(@"{ALIAS :aliasname a\ b}", "{ALIAS :aliasname a b}")]
    [InlineData("{X :relid 20001}", "{X :relid app.numbers}")]
    [InlineData("{X :relid 20001}", @"{X :relid \nRelation\ app.numbers\n}")]
    public void Whatever_else_differs_is_a_difference(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Theory]
    [InlineData("")]
    [InlineData(@"{X :constvalue 4 [ 1 2")]
    [InlineData(@"\")]
    [InlineData("{CONST :consttype 2205 :constvalue 4 [ 300 b <> ]}")]
    public void What_is_no_tree_is_taken_as_it_is(string text) => Assert.NotNull(Of(text));

    /// <summary>Migrations where oids were used up before, and in a database that another was made from.</summary>
    [Fact]
    public async Task Other_oids_give_the_same_manifest()
    {
        await using var one = await TestDatabase.MakeEmptyAsync();
        await using var other = await TestDatabase.MakeEmptyAsync();
        await TestDatabase.RunAsync(other.Superuser, "create table public.before (id serial primary key, a text default 'x' check (a <> '')); drop table public.before");
        Assert.Equal(await ManifestAsync(one), await ManifestAsync(other));
    }

    private static string Of(string tree)
    {
        var found = new HashSet<TreeOid>();
        NodeTree.Collect(tree, found);
        return NodeTree.Normalise(tree, Names.Where(name => found.Contains(name.Key)).ToDictionary(name => name.Key, name => name.Value));
    }

    private static async Task<string> ManifestAsync(TestDatabase database)
    {
        await new Migrator([.. Modules.All.Take(2).Select(module => module.Source)], database.Keys, TimeProvider.System).RunAsync(database.Owner, Stop);
        await TestDatabase.RunAsync(database.Superuser,
            """
            create schema host; create type host.colour as enum ('red', 'blue'); create sequence host.numbers;
            create table host.orders (id bigint default nextval('host.numbers'), colour host.colour default 'blue', of regclass default 'host.numbers', check (colour <> 'red'));
            create view host.blue as select id, count(*) over () as all_of_them from host.orders where colour = 'blue'::host.colour
            """);
        return (await SchemaManifest.ReadAsync(database.Superuser, ["plpgsql"], Stop)).ToJson();
    }
}

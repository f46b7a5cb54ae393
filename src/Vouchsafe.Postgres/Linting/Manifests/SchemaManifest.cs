using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>
/// Every object that a module's migrations make or change, as it is to be: signed off when it is committed, embedded in the module's assembly, and
/// compared with the live catalogue. A database can't say of itself what is right.
/// </summary>
public sealed class SchemaManifest
{
    /// <summary>The name of the file beside a module's migrations, and of the resource in its assembly.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImmutableSortedDictionary<string, ManifestEntry> _objects;

    private SchemaManifest(IEnumerable<KeyValuePair<string, ManifestEntry>> objects) => _objects = objects.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>A manifest of nothing.</summary>
    public static SchemaManifest Empty { get; } = new([]);

    internal IReadOnlyDictionary<string, ManifestEntry> Objects => _objects;

    /// <summary>The objects, by kind and name: <c>table audit.entries</c>.</summary>
    public IEnumerable<string> Keys => _objects.Keys;

    /// <summary>The manifest embedded in a module's assembly; null where there is none.</summary>
    /// <exception cref="FormatException">The resource is no manifest.</exception>
    public static SchemaManifest? Of(Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(FileName);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <exception cref="FormatException">The text is no manifest.</exception>
    public static SchemaManifest Parse(string json)
    {
        try
        {
            var objects = JsonSerializer.Deserialize<Dictionary<string, ManifestEntry>>(json) ?? throw new FormatException("The manifest is empty.");
            return new SchemaManifest(objects);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The manifest can't be read: {broken.Message}", broken);
        }
    }

    /// <summary>What a database holds, to be signed off: read it from one that was made by the migrations alone.</summary>
    /// <param name="connectionString">Any login that may call <c>vouchsafe.context_source</c>.</param>
    /// <param name="extensions">Extensions whose members aren't listed.</param>
    public static async Task<SchemaManifest> ReadAsync(string connectionString, IReadOnlyCollection<string> extensions, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var baseline = LintBaseline.Nothing with { KnownExtensions = extensions };
        Dictionary<string, CatalogueObject> inventory;
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("set local search_path = pg_catalog, pg_temp"));
            foreach (var command in Inventory.Commands(baseline))
                batch.BatchCommands.Add(command);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            inventory = await Inventory.ReadAsync(reader, cancellationToken);
        }

        await Inventory.WithTreeHashesAsync(inventory, connection, cancellationToken);
        ExtensionMembers.TakeFrom(inventory);
        return From(await Inventory.WithoutKeysAsync(inventory, connection, signed: null, cancellationToken));
    }

    /// <summary>This manifest with those of modules applied later; where both know an object, the later one changed it.</summary>
    public SchemaManifest With(SchemaManifest later) => new(_objects.SetItems(later._objects));

    /// <summary>What is new or different here.</summary>
    /// <param name="earlier">The database before the module's migrations.</param>
    /// <exception cref="InvalidOperationException">An object is gone: a module doesn't drop what is another's.</exception>
    public SchemaManifest Since(SchemaManifest earlier)
    {
        if (earlier._objects.Keys.FirstOrDefault(key => !_objects.ContainsKey(key)) is { } gone)
            throw new InvalidOperationException($"{gone} was dropped by a module that didn't make it.");
        return new SchemaManifest(_objects.Where(entry => !earlier._objects.TryGetValue(entry.Key, out var before) || !before.Equals(entry.Value)));
    }

    /// <summary>As it stands in the file: an object a line, in order, so that a change of the schema is a readable difference.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{\n");
        foreach (var (key, entry) in _objects)
            text.Append(text.Length > 2 ? ",\n" : "").Append("  ").Append(JsonSerializer.Serialize(key, Readable)).Append(": ").Append(JsonSerializer.Serialize(entry, Readable));
        return text.Append("\n}\n").ToString();
    }

    internal static SchemaManifest From(Dictionary<string, CatalogueObject> inventory) =>
        new(inventory.Values.Select(found => KeyValuePair.Create(found.Key, new ManifestEntry(found.Parent.Length > 0 ? found.Parent : null, found.Facts))));
}

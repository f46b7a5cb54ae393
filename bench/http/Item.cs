using System.Text.Json.Serialization;

namespace Vouchsafe.Bench.Http;

/// <summary>The row that both applications read and answer with.</summary>
internal sealed record Item(int Id, string Name, decimal Price, DateTimeOffset UpdatedAt);

[JsonSerializable(typeof(Item))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ItemJson : JsonSerializerContext;

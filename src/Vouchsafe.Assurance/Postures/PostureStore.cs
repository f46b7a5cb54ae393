using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Postures;

/// <summary>The content of postures that were adopted, by hash: for telling what a new one changes.</summary>
internal sealed class PostureStore(IDatabase database)
{
    private static readonly Actor Assurance = Actor.System("assurance");

    public async Task KeepAsync(Posture posture, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteAsync(
            "insert into assurance.postures (hash, content) values ($1, $2) on conflict (hash) do update set content = excluded.content", [posture.Hash, posture.Content], cancellationToken);
    }

    /// <returns>Null where it isn't kept, or isn't what the hash is of.</returns>
    public async Task<JsonObject?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        var content = await session.SingleOrDefaultAsync("select content from assurance.postures where hash = $1", [hash], row => row.GetString(0), cancellationToken);
        return content is not null && Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))) == hash ? JsonNode.Parse(content) as JsonObject : null;
    }
}

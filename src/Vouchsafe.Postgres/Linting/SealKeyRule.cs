using System.Security.Cryptography;
using Npgsql;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Postgres.Linting;

/// <summary>The keys with which the database verifies contexts are those that the key ring derives: one more, and whoever put it there can open every tenant.</summary>
internal static class SealKeyRule
{
    internal const string Name = "context.seal-key";

    internal static async Task<List<LintFinding>> LintAsync(NpgsqlConnection connection, IContextKeys keys, CancellationToken cancellationToken)
    {
        var findings = new List<LintFinding>();
        await using var command = new NpgsqlCommand("select key_id, fingerprint from vouchsafe.seal_key_fingerprints() order by key_id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetInt16(0);
            if (!CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(1), Fingerprint(keys.Derive(id))))
                findings.Add(new LintFinding(Name, $"key {id}", "The database verifies contexts with a key that the key store doesn't hold.",
                    "Give the node the key store that belongs to the database; if it has it, delete the key from vouchsafe.seal_keys and CALL vouchsafe.accept_seal_keys()."));
        }

        return findings;
    }

    private static byte[] Fingerprint(byte[] key)
    {
        var (inner, outer) = SealKeyTable.Pads(key);
        return SHA256.HashData([.. inner, .. outer]);
    }
}

using System.Security.Cryptography;
using Npgsql;
using Vouchsafe.Postgres.Migrations;

namespace Vouchsafe.Postgres.Sealing;

/// <summary>The database's side of the context keys. Everything here runs as owner.</summary>
public static class SealKeyTable
{
    /// <summary>Nodes look which key is current at least this often; a new key is current only after that, so that no node seals with one the others don't accept.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    private const int BlockSize = 64;

    // In the transaction of the change: the functions hold the keys.
    private const string Accept = "call vouchsafe.accept_seal_keys()";

    /// <summary>Puts the first key in where there is none, and makes sure that the key store holds what the table holds.</summary>
    /// <exception cref="MigrationException">The key store holds other keys.</exception>
    internal static async Task EnsureAsync(NpgsqlConnection owner, IContextKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(owner, cancellationToken);
        if (rows.Count == 0)
            await InsertAsync(owner, keys, 1, TimeSpan.Zero, cancellationToken);
        foreach (var (id, inner) in rows)
            if (!CryptographicOperations.FixedTimeEquals(inner, Pads(keys.Derive(id)).Inner))
                throw new MigrationException(MigrationProblem.OtherKeys,
                    $"The key store doesn't hold the key {id} with which the database verifies tenant contexts. Restore the key store that belongs to this database, or rotate the context key as the owner.");
    }

    /// <summary>Adds the next key. Nodes seal with it after <see cref="Refresh"/>; contexts under the old one stay valid until it is retired.</summary>
    /// <returns>The new key's id.</returns>
    public static async Task<short> RotateAsync(string owner, IContextKeys keys, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        var next = (short)((await ReadAsync(connection, cancellationToken)).Select(row => (int)row.Id).DefaultIfEmpty(0).Max() + 1);
        await InsertAsync(connection, keys, next, TimeSpan.Zero, cancellationToken);
        return next;
    }

    /// <summary>Retires every key but the current one, once the current one has been so for long enough that no node seals with another.</summary>
    /// <returns>The ids retired; none while the overlap lasts.</returns>
    public static async Task<IReadOnlyList<short>> RetireAsync(string owner, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    delete from vouchsafe.seal_keys k
                    using (select key_id, active_from from vouchsafe.seal_keys order by active_from desc, key_id desc limit 1) newest
                    where k.key_id <> newest.key_id and newest.active_from < clock_timestamp() - $1
                    returning k.key_id
                    """) { Parameters = { new() { Value = Refresh + Refresh + ContextSealer.Lifetime } } },
                new(Accept),
            },
        };
        var retired = new List<short>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            retired.Add(reader.GetInt16(0));
        return retired;
    }

    // RFC 2104, section 2: the key, filled with zeros to a block, under the two paddings.
    internal static (byte[] Inner, byte[] Outer) Pads(ReadOnlySpan<byte> key)
    {
        var inner = new byte[BlockSize];
        var outer = new byte[BlockSize];
        key.CopyTo(inner);
        key.CopyTo(outer);
        for (var at = 0; at < BlockSize; at++)
        {
            inner[at] ^= 0x36;
            outer[at] ^= 0x5c;
        }

        return (inner, outer);
    }

    private static async Task InsertAsync(NpgsqlConnection owner, IContextKeys keys, short id, TimeSpan delay, CancellationToken cancellationToken)
    {
        var (inner, outer) = Pads(keys.Derive(id));
        await using var batch = new NpgsqlBatch(owner)
        {
            BatchCommands =
            {
                new("insert into vouchsafe.seal_keys (key_id, inner_pad, outer_pad, active_from) values ($1, $2, $3, clock_timestamp() + $4)")
                {
                    Parameters = { new() { Value = id }, new() { Value = inner }, new() { Value = outer }, new() { Value = delay } },
                },
                new(Accept),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<(short Id, byte[] Inner)>> ReadAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        var rows = new List<(short, byte[])>();
        await using var command = new NpgsqlCommand("select key_id, inner_pad from vouchsafe.seal_keys order by key_id", owner);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetInt16(0), reader.GetFieldValue<byte[]>(1)));
        return rows;
    }
}

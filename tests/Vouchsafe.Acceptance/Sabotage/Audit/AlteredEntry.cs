using Npgsql;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>A superuser alters one entry of a log that has been sequenced, and puts it back as it was.</summary>
internal abstract class AlteredEntry(string control, string name, string expected) : ISabotage
{
    public string Control => control;

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await using var connection = await Superuser.OpenAsync(context, cancellationToken);
        // The newest append that the log has: its last bundle or tail names it.
        await using var find = new NpgsqlCommand(
            """
            select e.tenant_id, e.append_id, e.leaves, e.sealed
            from audit.tails t join audit.entries e
              on e.tenant_id = t.tenant_id and e.append_id = encode(overlay(substr(t.entries, 1, 16) placing '\x00'::bytea from 16), 'hex')::uuid
            order by t.tenant_id, t.first_index limit 1
            """, connection);
        await using (var row = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
                return null;
            context.Kept[Name] = new object[]
            {
                row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<byte[][]>(2), row.GetFieldValue<byte[][]>(3),
            };
        }

        var kept = (object[])context.Kept[Name];
        await using var alter = new NpgsqlCommand(Alteration, connection) { Parameters = { new() { Value = kept[0] }, new() { Value = kept[1] } } };
        return await alter.ExecuteNonQueryAsync(cancellationToken) == 1 ? $"one row of audit.entries: {Name}" : null;
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (!context.Kept.Remove(Name, out var found))
            return;
        await using var connection = await Superuser.OpenAsync(context, cancellationToken);
        await using var mend = new NpgsqlCommand(
            """
            insert into audit.entries (tenant_id, append_id, leaves, sealed) values ($1, $2, $3, $4)
            on conflict (tenant_id, append_id) do update set leaves = excluded.leaves, sealed = excluded.sealed
            """, connection);
        foreach (var value in (object[])found)
            mend.Parameters.Add(new NpgsqlParameter { Value = value });
        await mend.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes $1 the tenant and $2 the append.</summary>
    protected abstract string Alteration { get; }
}

internal sealed class EditedEntry() : AlteredEntry("audit.immutable", "edit one entry as superuser", "was edited")
{
    protected override string Alteration =>
        "update audit.entries set leaves[1] = set_byte(leaves[1], 60, 255 - get_byte(leaves[1], 60)) where tenant_id = $1 and append_id = $2";
}

internal sealed class DeletedEntry() : AlteredEntry("audit.immutable", "delete one entry as superuser", "was removed")
{
    protected override string Alteration => "delete from audit.entries where tenant_id = $1 and append_id = $2";
}

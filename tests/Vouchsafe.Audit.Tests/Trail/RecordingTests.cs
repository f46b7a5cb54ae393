using System.Net;
using System.Text;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Peers;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Trail;

public sealed class RecordingTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly IPAddress Address = IPAddress.Parse("203.0.113.77");

    [Fact]
    public async Task An_entry_answers_who_what_when_and_from_where()
    {
        var (tenant, user) = (database.NewTenant(), Guid.CreateVersion7(database.Time.GetUtcNow()));
        await using var session = database.Database.Tenant(new TenantScope(tenant, Actor.User(user), OwnerReach.All, Address));
        var id = await session.RecordAsync(new AuditEvent("order.created", new AuditField("number", "2026-17")), Cancellation);
        await database.SequenceAsync(Cancellation);

        var entry = Assert.Single(await database.Get<TrailReader>().ListAsync(session, null, 10, Cancellation));
        Assert.Equal((0L, id, TrailEntryState.Whole, "order.created"), (entry.Index, entry.Id, entry.State, entry.Event));
        Assert.Equal(session.Now, entry.At);
        Assert.Equal([("actor", $"user:{user}"), ("address", "203.0.113.77")], entry.Actor.Fields.Select(field => (field.Name, field.Value)));
        Assert.Equal([("number", "2026-17")], entry.Fields.Fields.Select(field => (field.Name, field.Value)));
    }

    [Fact]
    public async Task A_part_of_the_system_names_itself_and_has_no_address()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        await session.RecordAsync(new AuditEvent("invoice.reminded"), Cancellation);
        await database.SequenceAsync(Cancellation);
        var entry = Assert.Single(await database.Get<TrailReader>().ListAsync(session, null, 10, Cancellation));
        Assert.Equal([("actor", "system:test")], entry.Actor.Fields.Select(field => (field.Name, field.Value)));
    }

    [Fact]
    public async Task A_person_without_an_address_is_refused_and_nothing_is_recorded()
    {
        var tenant = database.NewTenant();
        await using var session = database.Database.Tenant(new TenantScope(tenant, Actor.User(tenant.Value), OwnerReach.All, null));
        await Assert.ThrowsAsync<UnattributedEventException>(() => session.RecordAsync(new AuditEvent("order.created"), Cancellation));
        Assert.Equal(0L, await CountAsync(tenant));
    }

    [Fact]
    public async Task A_change_and_its_entry_are_both_there_or_neither()
    {
        var tenant = database.NewTenant();
        await using (var session = database.Open(tenant))
        {
            await session.BeginAsync(Cancellation);
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
            await session.RollbackAsync(Cancellation);
        }

        await using (var session = database.Open(tenant))
            await Assert.ThrowsAnyAsync<Exception>(() =>
                session.ExecuteWithAuditAsync([new Statement("select 1 / 0")], new AuditEvent("order.created"), Cancellation));
        Assert.Equal(0L, await CountAsync(tenant));

        await using (var session = database.Open(tenant))
        {
            await session.BeginAsync(Cancellation);
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
            await session.CommitAsync(Cancellation);
        }

        Assert.Equal(1L, await CountAsync(tenant));
    }

    [Fact]
    public async Task Only_committed_entries_are_tallied_and_only_they_wake_the_sequencer()
    {
        var tenant = database.NewTenant();
        var signal = database.Get<SequencerSignal>();
        while (await signal.WaitAsync(TimeSpan.Zero, Cancellation))
        {
        }

        var tally = RecordingTally.Open();
        await using (var session = database.Open(tenant))
        {
            await session.BeginAsync(Cancellation);
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
            Assert.Equal(0, tally.Of(tenant));
            await session.RollbackAsync(Cancellation);
            Assert.Equal(0, tally.Of(tenant));
            Assert.False(await signal.WaitAsync(TimeSpan.Zero, Cancellation));

            await session.RecordManyAsync([new AuditEvent("order.created"), new AuditEvent("order.created")], Cancellation);
        }

        Assert.Equal(2, tally.Of(tenant));
        Assert.True(await signal.WaitAsync(TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task Nothing_of_a_person_stands_in_clear_in_any_table_of_the_trail()
    {
        var (tenant, user) = (database.NewTenant(), Guid.CreateVersion7(database.Time.GetUtcNow()));
        string[] secrets = ["Maarja Kask", "maarja.kask@example.ee", "+372 5550 1234", Address.ToString()];
        await using (var session = database.Database.Tenant(new TenantScope(tenant, Actor.User(user), OwnerReach.All, Address)))
            await session.RecordAsync(new AuditEvent("member.invited", [.. secrets.Select((secret, n) => new AuditField($"f{n}", secret))]), Cancellation);
        await database.SequenceAsync(Cancellation);

        var looked = 0;
        foreach (var table in new[] { "entries", "pending", "tiles", "tails", "bundles", "heads", "logs" })
        {
            var bytes = Encoding.UTF8.GetBytes((string)(await AuditDatabase.ScalarAsync(database.Superuser,
                $"select coalesce(string_agg(t::text, ''), '') from audit.{table} t where tenant_id = '{tenant}'"))!);
            looked += bytes.Length;
            foreach (var secret in secrets.Append(user.ToString()))
            {
                var hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(hex));
            }

            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(user.ToString("N"))));
        }

        Assert.True(looked > 500);
    }

    [Fact]
    public async Task Another_tenants_entries_can_be_neither_written_nor_read()
    {
        var (mine, other) = (database.NewTenant(), database.NewTenant());
        await using (var theirs = database.Open(other))
            await theirs.RecordAsync(new AuditEvent("order.created"), Cancellation);
        await database.SequenceAsync(Cancellation);

        await using var session = database.Open(mine);
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(
            "select audit.append($1, $2, $3, $4)",
            [other.Value, AppendId.At(session.Now).Value, new[] { new byte[] { 1 } }, new[] { new byte[] { 1 } }], Cancellation));
        Assert.Equal(0L, await session.SingleOrDefaultAsync("select count(*) from audit.entries", [], row => row.GetInt64(0), Cancellation));
        foreach (var sql in new[] { "audit.head_of($1)", "audit.tail_of($1)", "audit.tiles_of($1, 0::smallint, 0, 9)", "audit.bundles_of($1, 0, 9)" })
            Assert.Equal(0L, await session.SingleOrDefaultAsync($"select count(*) from {sql}", [other.Value], row => row.GetInt64(0), Cancellation));
        Assert.Equal(0L, await session.SingleOrDefaultAsync("select audit.pending_of($1)", [other.Value], row => row.GetInt64(0), Cancellation));
        Assert.Equal(1L, await CountAsync(other));
    }

    [Fact]
    public async Task An_entry_is_proved_to_who_has_nothing_but_the_key()
    {
        var tenant = database.NewTenant();
        var reader = database.Get<TrailReader>();
        await using var session = database.Open(tenant);
        var events = Enumerable.Range(0, 300).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}"))).ToList();
        var ids = await session.RecordManyAsync(events, Cancellation);
        var claims = new List<string>();
        foreach (var n in new[] { 0, 255, 256, 299 })
        {
            var proof = (await reader.ProveAsync(tenant, ids[n], Cancellation))!;
            var checkpoint = Checkpoint.Open(proof.Checkpoint, proof.Verifier);
            Assert.Equal(300, checkpoint.Head.Size);
            Assert.True(Proof.VerifyInclusion(proof.Entry.Index, TreeHash.Leaf(proof.Leaf.Span), checkpoint.Head, proof.Path.ToArray()));
            Assert.Equal($"{n}", Assert.Single(proof.Entry.Fields.Fields).Value);
            claims.Add(Sigstore.Claim(proof.Checkpoint, proof.Verifier, proof.Leaf.Span, proof.Entry.Index, proof.Path));
        }

        Assert.Equal(Enumerable.Repeat(Sigstore.Yes, claims.Count), await Sigstore.VerifyAsync(claims, Cancellation));

        Assert.Null(await reader.ProveAsync(tenant, Guid.CreateVersion7(session.Now), Cancellation));
        Assert.Equal(300, Checkpoint.Open((await reader.CheckpointAsync(session, Cancellation))!, (await reader.VerifierAsync(session, Cancellation))!).Head.Size);
        Assert.NotNull(await reader.ConsistencyAsync(session, 10, 300, Cancellation));
        Assert.Null(await reader.ConsistencyAsync(session, 10, 301, Cancellation));
        Assert.Null(await reader.InclusionAsync(session, 300, 300, Cancellation));
    }

    [Fact]
    public async Task Listing_goes_backwards_page_by_page_without_gaps()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, 700).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await database.SequenceAsync(Cancellation);
        var seen = new List<long>();
        long? before = null;
        while (await database.Get<TrailReader>().ListAsync(session, before, 90, Cancellation) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(entry => entry.Index));
            before = page[^1].Index;
        }

        Assert.Equal(Enumerable.Range(0, 700).Select(n => 699L - n), seen);
    }

    [Fact]
    public async Task A_malformed_append_is_refused()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        var id = AppendId.At(session.Now).Value;
        byte[][] one = [[1]];
        var many = Enumerable.Repeat(new byte[] { 1 }, 257).ToArray();
        foreach (var (append, leaves, payloads) in new (Guid, byte[]?[], byte[]?[])[]
        {
            (AppendId.At(session.Now).Entry(1), one, one), (id, [], []), (id, one, [[1], [1]]), (id, many, many), (id, [null], one), (id, one, [null]),
        })
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync("select audit.append($1, $2, $3, $4)", [tenant.Value, append, leaves, payloads], Cancellation));
        Assert.Equal(0L, await CountAsync(tenant));
    }

    [Fact]
    public async Task An_erased_person_is_not_recorded_again()
    {
        var (tenant, user) = (database.NewTenant(), Guid.CreateVersion7(database.Time.GetUtcNow()));
        database.Get<Cryptography.Keys.KeyRing>().SubjectKey(tenant.Value, user);
        database.Get<Cryptography.Keys.KeyRing>().Destroy(Cryptography.Keys.KeyName.OfSubject(tenant.Value, user));
        await using var session = database.Database.Tenant(new TenantScope(tenant, Actor.User(user), OwnerReach.All, Address));
        await Assert.ThrowsAsync<Cryptography.Keys.KeyDestroyedException>(() => session.RecordAsync(new AuditEvent("order.created"), Cancellation));
    }

    private async Task<long> CountAsync(TenantId tenant) =>
        (long)(await AuditDatabase.ScalarAsync(database.Superuser, $"select count(*) from audit.entries where tenant_id = '{tenant}'"))!;
}

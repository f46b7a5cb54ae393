using System.Text;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

public sealed class EntryCheckTests : IAsyncLifetime
{
    private readonly AuditDatabase _database = new();
    private readonly TenantId _tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000ab"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Recorded_events_answer_the_four_also_after_an_erasure()
    {
        var person = Guid.Parse("00000000-0000-7000-8000-0000000000ac");
        await using (var session = _database.Database.Tenant(new TenantScope(_tenant, Actor.User(person), OwnerReach.All, System.Net.IPAddress.Loopback)))
            await session.RecordAsync(new AuditEvent("member.invited", new AuditField("email", "somebody@example.com")), Cancellation);
        await _database.SequenceAsync(Cancellation);
        Assert.True((await RunAsync<AttributionCheck>()).Holds);
        _database.Get<KeyRing>().Destroy(KeyName.OfSubject(_tenant.Value, person));
        var finding = await RunAsync<AttributionCheck>();
        Assert.True(finding.Holds);
        Assert.Contains("1 of them as far as", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_entry_without_an_address_is_named()
    {
        await using (var session = _database.Open(_tenant))
        {
            var draft = _database.Get<TrailWriter>().Draft(session, new AuditEvent("member.invited")) with { Actor = EntryActor.Person("user", _tenant.Value) };
            var entry = _database.Get<EntryBuilder>().Build(draft);
            await AppendAsync(session, entry.Leaf, entry.Payload);
        }

        var finding = await RunAsync<AttributionCheck>();
        Assert.False(finding.Holds);
        Assert.Contains("Entry 0 of log", finding.Message, StringComparison.Ordinal);
        Assert.Contains("from which address", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_canary_is_recorded_and_not_found_in_clear()
    {
        var finding = await RunAsync<IdentifiersCheck>();
        Assert.True(finding.Holds, finding.Message);
        Assert.True((await RunAsync<IdentifiersCheck>()).Holds);
    }

    [Theory]
    [InlineData("maarja.kask@example.ee", "a mail address")]
    [InlineData("203.0.113.77", "a network address")]
    [InlineData("+37255501234", "a telephone number")]
    public async Task An_identifier_in_clear_is_named_wherever_it_stands(string identifier, string kind)
    {
        await using (var session = _database.Open(_tenant))
        {
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
            await AppendAsync(session, [1, 0, .. Encoding.UTF8.GetBytes("member.invited " + identifier)], [1]);
        }

        var finding = await RunAsync<IdentifiersCheck>();
        Assert.False(finding.Holds);
        Assert.Contains($"holds {kind} in clear", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>Behind more entries than the check reads each time, and nothing that looks like an identifier.</summary>
    [Theory]
    [InlineData("Maarja Kask", "member.invited.maarja.kask")]
    [InlineData("Kask", "kask-was-invited")]
    public async Task A_persons_name_in_clear_is_found_in_an_old_entry(string name, string written)
    {
        await using (var session = _database.Open(_tenant))
        {
            var entry = _database.Get<EntryBuilder>().Build(_database.Get<TrailWriter>().Draft(session, new AuditEvent(written, new AuditField("name", name))));
            await AppendAsync(session, entry.Leaf, entry.Payload);
            await session.RecordManyAsync([.. Enumerable.Range(0, 600).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
            await _database.SequenceAsync(Cancellation);
        }

        var immutable = await RunAsync<ImmutableCheck>();
        Assert.True(immutable.Holds, immutable.Message);
        var finding = await RunAsync<IdentifiersCheck>();
        Assert.False(finding.Holds);
        Assert.Contains("Entry 0 of log", finding.Message, StringComparison.Ordinal);
        Assert.Contains("its field name in clear", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_entry_without_an_address_is_found()
    {
        await using (var session = _database.Open(_tenant))
        {
            var draft = _database.Get<TrailWriter>().Draft(session, new AuditEvent("member.invited")) with { Actor = EntryActor.Person("user", _tenant.Value) };
            var entry = _database.Get<EntryBuilder>().Build(draft);
            await AppendAsync(session, entry.Leaf, entry.Payload);
            await session.RecordManyAsync([.. Enumerable.Range(0, 600).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
            await _database.SequenceAsync(Cancellation);
        }

        await RunAsync<ImmutableCheck>();
        var finding = await RunAsync<AttributionCheck>();
        Assert.False(finding.Holds);
        Assert.Contains("from which address", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_are_no_identifiers()
    {
        var bytes = new byte[1 << 20];
        for (var n = 0; n < 4; n++)
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
            Assert.Null(IdentifierText.Find(bytes));
        }
    }

    private async Task AppendAsync(TenantSession session, byte[] leaf, byte[] payload)
    {
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        await session.ExecuteAsync("select audit.append($1, $2, $3, $4)", [_tenant.Value, AppendId.At(session.Now).Value, new[] { leaf }, new[] { payload }], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }

    private Task<Finding> RunAsync<T>() where T : class, ICheck => _database.Check<T>().RunAsync(null!, Cancellation);
}

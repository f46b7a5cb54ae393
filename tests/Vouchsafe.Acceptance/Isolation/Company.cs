using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>A tenant like any other, with something of its own in every place that takes text.</summary>
internal sealed class Company
{
    private const string Password = "correct horse battery staple";
    private readonly RunningApplication running;

    private Company(RunningApplication running, string code)
    {
        this.running = running;
        Code = code;
        Mark = "Zebu" + code;
    }

    public string Code { get; }

    /// <summary>Stands in every text that this tenant wrote, and nowhere else.</summary>
    public string Mark { get; }

    public Guid Tenant { get; private set; }

    public Guid Customer { get; private set; }

    public Guid Order { get; private set; }

    public string Invoice { get; private set; } = "";

    public Guid Colleague { get; private set; }

    public string Administrator => $"{Mark}.admin@{Code}.example".ToLowerInvariant();

    public string Seller => $"{Mark}.sales@{Code}.example".ToLowerInvariant();

    /// <param name="invoices">How many it issues: numbers run within a tenant, so the last of whoever has more is one that the other hasn't.</param>
    public static async Task<Company> FoundAsync(RunningApplication running, int invoices, CancellationToken cancellationToken)
    {
        var company = new Company(running, "t" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
        var founder = running.Services.GetRequiredService<ITenantFounder>();
        var tenant = await founder.FoundAsync(
            new TenantFounding(company.Code, company.Mark + " Ltd", company.Mark, company.Mark + " Street 1, Dublin", "IE", company.Administrator, Password), cancellationToken);
        company.Tenant = tenant.Value;
        company.Colleague = await company.JoinAsync(tenant, cancellationToken);
        using var administrator = await company.SignInAsync(company.Administrator, cancellationToken);
        var mark = company.Mark;
        company.Customer = (await AskAsync(administrator, "/api/customers",
            new { name = mark + " & Sons", country = "IE", contactName = mark, email = company.Seller, phone = "+353 1", street = mark, postalCode = "D01", city = mark, vatNumber = "" })).GetProperty("id").GetGuid();
        var line = new { description = mark, quantity = 2, unitPrice = 46.5, vatRate = 20 };
        for (var issued = 0; issued < invoices; issued++)
        {
            var order = Id(await AskAsync(administrator, "/api/orders", new { customerId = company.Customer, lines = new[] { line }, reference = mark }));
            await AskAsync(administrator, $"/api/orders/{order:D}/confirm", null);
            company.Invoice = Text(await AskAsync(administrator, "/api/invoices", new { orderId = order }), "number");
        }
        // One more, not invoiced yet: something can still happen to it.
        company.Order = Id(await AskAsync(administrator, "/api/orders", new { customerId = company.Customer, lines = new[] { line }, reference = mark }));
        return company;
    }

    /// <summary>The seller becomes a member as the seed makes one: mail is other tests' business.</summary>
    private async Task<Guid> JoinAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var accounts = running.Services.GetRequiredService<IAccounts>();
        var seller = (await accounts.PrepareAsync(Seller, Password, canary: false, cancellationToken))!;
        await using var session = running.Services.GetRequiredService<IDatabase>().Tenant(new TenantScope(tenant, Actor.System("test"), OwnerReach.All, null));
        await session.BeginAsync(cancellationToken);
        await accounts.JoinAsync(session, seller, Roles.User, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return seller.User;
    }

    /// <summary>A client with a token of its own, from an address of its own.</summary>
    public async Task<HttpClient> SignInAsync(string email, CancellationToken cancellationToken)
    {
        var client = Outsider.Stranger(running.Target).Client();
        client.BaseAddress = running.Target.Https;
        using var answer = await client.PostAsJsonAsync("/api/auth/sign-in", new { tenant = Code, email, password = Password }, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{email}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>Everything that identifies this tenant or something of it: its mark, and every id in any of its rows.</summary>
    public async Task<HashSet<string>> SecretsAsync(CancellationToken cancellationToken)
    {
        var secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Mark };
        foreach (var (_, rows) in await RowsAsync(cancellationToken))
            secrets.UnionWith(Ids().Matches(rows).Select(match => match.Value));
        return secrets;
    }

    /// <summary>Every row of this tenant in any table, as a superuser sees it. What the sequencer derives from entries is left out: it moves on by itself.</summary>
    public async Task<SortedDictionary<string, string>> RowsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(running.Sabotage.Superuser);
        await connection.OpenAsync(cancellationToken);
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand(
            """
            select attrelid::regclass::text from pg_attribute join pg_class on pg_class.oid = attrelid
            where attname = 'tenant_id' and relkind = 'r' and not attisdropped
              and (relnamespace <> 'audit'::regnamespace or relname = 'entries')
            """, connection))
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken)) tables.Add(reader.GetString(0));
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var read = new NpgsqlCommand($"select coalesce(string_agg(t::text, e'\\n' order by t::text), '') from {table} t where tenant_id = $1", connection) { Parameters = { new() { Value = Tenant } } };
            rows[table] = (string)(await read.ExecuteScalarAsync(cancellationToken))!;
        }
        return rows;
    }

    private static System.Text.RegularExpressions.Regex Ids() => new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static async Task<JsonElement> AskAsync(HttpClient client, string path, object? body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
        return text == "" ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    private static Guid Id(JsonElement order) => order.GetProperty("summary").GetProperty("id").GetGuid();

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString()!;
}

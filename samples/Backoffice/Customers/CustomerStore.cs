using Backoffice.Paging;
using Npgsql;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Customers;

/// <summary>A tenant's customers.</summary>
internal sealed class CustomerStore(IDatabase database)
{
    private const string Columns =
        "customer_id, name, contact_name, email, phone, street, postal_code, city, country, vat_number, created_at, changed_at, version";

    public async Task<Page<Customer>> ListAsync(TenantScope scope, PageQuery query, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        var rows = await session.ListAsync(
            $"""
            select {Columns} from backoffice.customers
            where tenant_id = $1
              and ($2::uuid is null or (name, customer_id) > (select last.name, last.customer_id from backoffice.customers last where last.tenant_id = $1 and last.customer_id = $2))
              and ($3::text is null or name ilike $3)
            order by name, customer_id limit $4
            """,
            [scope.Tenant, Guid.TryParse(query.After, out var after) ? after : query.After is null ? null : Guid.Empty, query.Pattern, query.Limit + 1], Read, cancellationToken);
        return Page<Customer>.Of(rows, query.Limit, customer => customer.Id.ToString());
    }

    public async Task<Customer?> FindAsync(TenantScope scope, Guid id, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        return await FindAsync(session, id, cancellationToken);
    }

    public static Task<Customer?> FindAsync(TenantSession session, Guid id, CancellationToken cancellationToken) =>
        session.SingleOrDefaultAsync($"select {Columns} from backoffice.customers where tenant_id = $1 and customer_id = $2", [session.Scope.Tenant, id], Read, cancellationToken);

    /// <param name="input">Checked.</param>
    public async Task<Customer> AddAsync(TenantScope scope, CustomerInput input, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        var now = session.Now;
        var customer = new Customer(Guid.CreateVersion7(now), input.Name, input.ContactName, input.Email, input.Phone,
            input.Street, input.PostalCode, input.City, input.Country, input.VatNumber, now, now, 1);
        await session.BeginAsync(cancellationToken);
        await session.ExecuteAsync(
            $"insert into backoffice.customers (tenant_id, {Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1)",
            [scope.Tenant, customer.Id, input.Name, input.ContactName, input.Email, input.Phone, input.Street, input.PostalCode, input.City, input.Country, input.VatNumber, now],
            cancellationToken);
        await session.RecordAsync(new AuditEvent("customer.created", new AuditField("customer", customer.Id.ToString())), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return customer;
    }

    /// <param name="input">Checked; with the version that was read.</param>
    public async Task<CustomerChange> ChangeAsync(TenantScope scope, Guid id, CustomerInput input, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        var changed = await session.ExecuteAsync(
            """
            update backoffice.customers set name = $4, contact_name = $5, email = $6, phone = $7, street = $8, postal_code = $9, city = $10, country = $11, vat_number = $12,
                changed_at = $13, version = version + 1
            where tenant_id = $1 and customer_id = $2 and version = $3
            """,
            [scope.Tenant, id, input.Version ?? 0, input.Name, input.ContactName, input.Email, input.Phone, input.Street, input.PostalCode, input.City, input.Country, input.VatNumber, session.Now],
            cancellationToken);
        if (changed == 0)
            return await FindAsync(session, id, cancellationToken) is null ? CustomerChange.NoSuchCustomer : CustomerChange.ChangedMeanwhile;
        await session.RecordAsync(new AuditEvent("customer.changed", new AuditField("customer", id.ToString())), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return CustomerChange.Done;
    }

    private static Customer Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9),
        row.GetFieldValue<DateTimeOffset>(10), row.GetFieldValue<DateTimeOffset>(11), row.GetInt32(12));
}

internal enum CustomerChange
{
    Done,
    NoSuchCustomer,
    ChangedMeanwhile,
}

namespace Vouchsafe.Bench.Statistics;

/// <summary>What applications ask of a tenant's tables. {0} is the schema, $1 the tenant.</summary>
internal static class Statements
{
    internal static (string Name, string Sql)[] All { get; } =
    [
        ("an order by its key", "select o.number, o.net from {0}.orders o where o.tenant_id = $1 and o.order_id = (select x.order_id from {0}.orders x where x.tenant_id = $1 and x.number = 1)"),
        ("the newest 50 orders", "select o.number, o.net from {0}.orders o where o.tenant_id = $1 order by o.number desc limit 50"),
        ("a customer by e-mail", "select c.name from {0}.customers c where c.tenant_id = $1 and c.email = 'person0@' || ('x' || left($1::text, 8))::bit(32)::integer || '.example'"),
        ("the newest 50 orders with their customers",
            "select o.number, c.name from {0}.orders o join {0}.customers c on c.tenant_id = o.tenant_id and c.customer_id = o.customer_id where o.tenant_id = $1 order by o.number desc limit 50"),
        ("quantities of the newest 20 drafts",
            "select o.number, sum(l.quantity) from {0}.orders o join {0}.lines l on l.tenant_id = o.tenant_id and l.order_id = o.order_id where o.tenant_id = $1 and o.state = 'draft' group by o.number order by o.number desc limit 20"),
        ("all orders by customer",
            "select c.email, count(*), sum(o.net) from {0}.orders o join {0}.customers c on c.tenant_id = o.tenant_id and c.customer_id = o.customer_id where o.tenant_id = $1 group by c.email order by 3 desc limit 10"),
        ("sums by state", "select o.state, count(*), sum(o.net) from {0}.orders o where o.tenant_id = $1 group by o.state"),
    ];
}

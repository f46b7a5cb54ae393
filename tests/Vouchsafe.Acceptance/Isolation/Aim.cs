using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>What a request names: something of a tenant, or something that nobody has.</summary>
internal sealed record Aim(Guid Tenant, Guid Customer, Guid Order, string Invoice, Guid Person, Guid Entry, string Text)
{
    /// <summary>What is written into texts, which name nothing: were it the other's mark, it would stand in one's own lists from then on.</summary>
    private const string Written = "Okapi";

    public static Aim At(Company company, Guid entry) =>
        new(company.Tenant, company.Customer, company.Order, company.Invoice, company.Colleague, entry, company.Mark);

    /// <summary>The same shapes, and nothing behind them.</summary>
    public static Aim AtNobody() =>
        new(Any(), Any(), Any(), "INV-2026-99999", Any(), Any(), "Quagga" + Any().ToString("n")[..11]);

    private static Guid Any() => new(RandomNumberGenerator.GetBytes(16));

    /// <summary>Everything it puts into a request, which an answer may give back.</summary>
    public IEnumerable<string> Said => [.. new[] { Tenant, Customer, Order, Person, Entry }.Select(id => id.ToString("D")), Invoice, Text];

    /// <summary>The requests that aim at it through an endpoint: bare, and with each query.</summary>
    public IEnumerable<Shot> Through(RouteEndpoint endpoint)
    {
        foreach (var method in Methods(endpoint))
            foreach (var values in Values(endpoint.RoutePattern))
                foreach (var query in method == "GET" ? Queries() : [""])
                    yield return new Shot(method, Path(endpoint.RoutePattern, values) + query, Body(endpoint, method));
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"];

    private IEnumerable<string> Queries() =>
    [
        "", "?q=" + Text, "?after=" + Customer, "?after=" + Order, $"?customer={Customer}&state=draft", "?before=3&limit=2", "?index=0&size=1", "?from=1&to=2",
        "?tenant=" + Tenant, "?event=" + Text, "?return=%2Forders%2F" + Order,
    ];

    /// <summary>Every choice of route values. A parameter that nobody thought of fails: its foreign value has to be known.</summary>
    private IEnumerable<Dictionary<string, string>> Values(RoutePattern pattern)
    {
        IEnumerable<Dictionary<string, string>> all = [[]];
        foreach (var parameter in pattern.Parameters)
        {
            var choices = Choices(parameter.Name);
            all = all.SelectMany(values => choices.Select(choice => new Dictionary<string, string>(values) { [parameter.Name] = choice }));
        }
        return all;
    }

    private string[] Choices(string parameter) => parameter switch
    {
        "id" => [Customer.ToString(), Order.ToString(), Entry.ToString()],
        "user" or "member" or "person" or "invitation" => [Person.ToString()],
        "number" => [Invoice],
        "control" => ["transport.hsts"],
        "level" => ["0"],
        "path" => ["000.p/1"],
        "name" => [Text],
        "documentName" => ["v1"],
        _ => throw new InvalidOperationException($"Nobody said what a foreign value of the route parameter {{{parameter}}} is: add it here, so that the fuzz reaches the endpoint."),
    };

    private static string Path(RoutePattern pattern, Dictionary<string, string> values) => "/" + string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => values[parameter.Name],
            _ => "",
        }))));

    private Shot.Content? Body(RouteEndpoint endpoint, string method)
    {
        if (method is "GET" or "DELETE" or "HEAD") return null;
        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type, ContentTypes: [var kind, ..] } && kind.Contains("json", StringComparison.Ordinal))
            return new Shot.Content("application/json", Json(type, "")!.ToJsonString());
        var fields = new Dictionary<string, string>
        {
            ["id"] = Customer.ToString(), ["customerId"] = Customer.ToString(), ["order"] = Order.ToString(), ["orderId"] = Order.ToString(), ["user"] = Person.ToString(), ["tenant"] = Written,
            ["name"] = Written, ["country"] = "IE", ["reference"] = Written, ["description1"] = Written, ["quantity1"] = "1", ["unitPrice1"] = "1", ["vatRate1"] = "20", ["role"] = "user",
            ["email"] = Written + "@nobody.example", ["password"] = "correct horse battery staple",
        };
        return new Shot.Content("application/x-www-form-urlencoded", string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}")));
    }

    /// <summary>A body of the type in which each id and each text is the aim's.</summary>
    private JsonNode? Json(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Guid)) return (name switch { "customerid" => Customer, "orderid" => Order, "user" or "users" => Person, _ => Tenant }).ToString();
        if (type == typeof(string))
            return name switch
            {
                "country" => "IE",
                "currency" => "EUR",
                "email" => Written.ToLowerInvariant() + "@nobody.example",
                "password" => "correct horse battery staple",
                "role" => "user",
                "phone" or "vatnumber" => "",
                "tenant" or "code" => Written.ToLowerInvariant(),
                _ => Written,
            };
        if (type == typeof(bool)) return true;
        if (type == typeof(DateOnly)) return "2026-01-31";
        if (type.IsPrimitive || type == typeof(decimal)) return 1;
        if (type.IsEnum) return Enum.GetNames(type)[0];
        if (type != typeof(string) && type.GetInterfaces().Append(type).FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list)
            return new JsonArray(Json(list.GetGenericArguments()[0], name));
        var body = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            body[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = Json(property.PropertyType, property.Name.ToLowerInvariant());
        return body;
    }
}

/// <summary>One request.</summary>
internal sealed record Shot(string Method, string Path, Shot.Content? Body)
{
    public override string ToString() => $"{Method} {Path} {Body?.Text}";

    internal sealed record Content(string Kind, string Text);
}

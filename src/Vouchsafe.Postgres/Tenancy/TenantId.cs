namespace Vouchsafe.Postgres.Tenancy;

/// <summary>A tenant. Never empty: <c>default</c> is refused wherever a tenant is asked for.</summary>
public readonly record struct TenantId
{
    public TenantId(Guid value) =>
        Value = value != Guid.Empty ? value : throw new ArgumentException("A tenant id can't be empty.", nameof(value));

    public Guid Value { get; }

    public override string ToString() => Value.ToString("D");
}

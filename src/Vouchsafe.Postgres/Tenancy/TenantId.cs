namespace Vouchsafe.Postgres.Tenancy;

/// <summary>A tenant. Never empty: <c>default</c> is refused wherever a tenant is asked for.</summary>
public readonly record struct TenantId
{
    public TenantId(Guid value) =>
        Value = value != Guid.Empty ? value : throw new ArgumentException("A tenant id can't be empty.", nameof(value));

    /// <summary>The operator itself: owner of the log of platform actions and evidence, and of the memberships of platform staff.</summary>
    public static TenantId System { get; } = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    public Guid Value { get; }

    public override string ToString() => Value.ToString("D");

    /// <exception cref="ArgumentException">This is <c>default</c>: nobody named a tenant.</exception>
    internal TenantId OrRefuse() => Value != Guid.Empty ? this : throw new ArgumentException("A tenant must be named.");
}

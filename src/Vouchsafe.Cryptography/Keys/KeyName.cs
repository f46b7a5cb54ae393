namespace Vouchsafe.Cryptography.Keys;

/// <summary>Which stored key: a tenant's, or that of a person within a tenant.</summary>
public readonly record struct KeyName
{
    private KeyName(Guid tenant, Guid? subject)
    {
        if (tenant == Guid.Empty || subject == Guid.Empty)
            throw new ArgumentException("A key belongs to a tenant, or to a person in a tenant; neither id can be empty.");
        Tenant = tenant;
        Subject = subject;
    }

    public Guid Tenant { get; }

    public Guid? Subject { get; }

    public static KeyName OfTenant(Guid tenant) => new(tenant, null);

    public static KeyName OfSubject(Guid tenant, Guid subject) => new(tenant, subject);

    public override string ToString() => Subject is { } subject ? $"tenant {Tenant:D}, subject {subject:D}" : $"tenant {Tenant:D}";
}

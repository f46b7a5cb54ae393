namespace Vouchsafe.Audit.Trail;

/// <summary>Something that happened, to be recorded in the transaction in which it happens.</summary>
/// <param name="Name">What, as <c>noun.verb</c> in the past tense: <c>order.created</c>, <c>member.role-changed</c>. A constant, never built from input.</param>
/// <param name="Fields">Details. Names are constants; each value is committed to with a salt and sealed, never stored in clear.</param>
/// <param name="Subject">The person the event is about, whose key seals the values; null: the actor (the tenant's own key where the system acts).</param>
/// <remarks>Tenant, actor, time and address come from the session; a caller can't leave them out.</remarks>
public sealed record AuditEvent(string Name, IReadOnlyList<AuditField> Fields, Guid? Subject = null)
{
    public AuditEvent(string name, params AuditField[] fields) : this(name, (IReadOnlyList<AuditField>)fields)
    {
    }
}

public readonly record struct AuditField(string Name, string Value);

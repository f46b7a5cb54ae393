using Npgsql;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>Sees one tenant. The sealed context travels in the same round trip as the first statement of each transaction, and ends with it.</summary>
public sealed class TenantSession : Session
{
    private readonly ContextSealer _sealer;
    private readonly IContextSetter _setter;

    internal TenantSession(Connector connector, ContextSealer sealer, IContextSetter setter, TenantScope scope) : base(connector)
    {
        if (scope.Tenant == default)
            throw new ArgumentException("A session needs a tenant.", nameof(scope));
        (_sealer, _setter, Scope) = (sealer, setter, scope);
    }

    public TenantScope Scope { get; }

    private protected override ValueTask<NpgsqlBatchCommand?> EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _sealer.NeedsKey ? LearnKeyAsync(connection, cancellationToken) : new(_setter.Set(_sealer.Seal(Scope), Scope.ReadOnly));

    private async ValueTask<NpgsqlBatchCommand?> LearnKeyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var ask = new NpgsqlCommand("select vouchsafe.current_seal_key()", connection))
            _sealer.Use(await ask.ExecuteScalarAsync(cancellationToken) is short id ? id : throw new Errors.SessionMisuseException("The database holds no key for contexts: run the migrations."));
        return _setter.Set(_sealer.Seal(Scope), Scope.ReadOnly);
    }
}

/// <summary>Sees platform tables, and no tenant's rows.</summary>
public sealed class PlatformSession : Session
{
    internal PlatformSession(Connector connector, Actor actor) : base(connector) => Actor = actor;

    public Actor Actor { get; }

    private protected override ValueTask<NpgsqlBatchCommand?> EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => default;
}

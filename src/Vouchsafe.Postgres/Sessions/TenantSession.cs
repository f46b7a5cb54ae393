using Npgsql;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>
/// Sees one tenant. The sealed context travels in the same round trip as the first statement of each transaction, and ends with it; in a long
/// transaction a fresh one takes its place before it runs out.
/// </summary>
public sealed class TenantSession : Session
{
    private readonly ContextSealer _sealer;
    private DateTimeOffset _renewAt;

    internal TenantSession(Connector connector, ContextSealer sealer, TenantScope scope) : base(connector)
    {
        if (scope.Tenant == default)
            throw new ArgumentException("A session needs a tenant.", nameof(scope));
        (_sealer, Scope) = (sealer, scope);
    }

    public TenantScope Scope { get; }

    private protected override string User => $"tenant {Scope.Tenant}, actor {Scope.Actor.Name ?? Scope.Actor.Id.ToString()}";

    private protected override bool IsCanary => Scope.Tenant == Checks.Canaries.One || Scope.Tenant == Checks.Canaries.Other;

    private protected override bool MustEnter(bool entered) => !entered || _sealer.IsDue(_renewAt);

    private protected override ValueTask<NpgsqlBatchCommand?> EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _sealer.NeedsKey ? LearnKeyAsync(connection, cancellationToken) : new(Enter(connection));

    private async ValueTask<NpgsqlBatchCommand?> LearnKeyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var ask = new NpgsqlCommand("select vouchsafe.current_seal_key()", connection))
            _sealer.Use(await ask.ExecuteScalarAsync(cancellationToken) is short id
                ? id
                : throw new SessionMisuseException("The database holds no key for contexts: run the migrations."));
        return Enter(connection);
    }

    private NpgsqlBatchCommand Enter(NpgsqlConnection connection)
    {
        (var context, _renewAt) = _sealer.Seal(Scope, connection.ProcessID);
        return new(Scope.ReadOnly ? "select vouchsafe.enter_read_only($1)" : "select vouchsafe.enter($1)")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = context } },
        };
    }
}

/// <summary>Sees platform tables, and no tenant's rows.</summary>
public sealed class PlatformSession : Session
{
    internal PlatformSession(Connector connector, Actor actor) : base(connector) => Actor = actor;

    public Actor Actor { get; }

    private protected override string User => $"actor {Actor.Name ?? Actor.Id.ToString()}";

    private protected override bool MustEnter(bool entered) => false;

    private protected override ValueTask<NpgsqlBatchCommand?> EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => default;
}

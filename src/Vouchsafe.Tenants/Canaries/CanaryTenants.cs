using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Tenants.Subscription;

namespace Vouchsafe.Tenants.Canaries;

/// <summary>The tenants of the checks, each founded by the same code as a customer's.</summary>
internal sealed class CanaryTenants(
    SignUp signUp, CompanyRules rules, TenantStore tenants, Subscriptions subscriptions, TrialOptions trial, IDatabase database, KeyRing keys, TimeProvider time) : ICanaryTenants
{
    private static readonly Actor Checks = Actor.System("checks");

    private readonly string password = Convert.ToBase64String(keys.Derive("canary-tenants").Bytes);
    private readonly ConcurrentDictionary<string, TenantId> known = new(StringComparer.Ordinal);

    /// <summary>The form with which a canary is signed up: as a person would fill it in, and it asks for no card.</summary>
    public SignUpRequest Form(Canary canary) => new(
        canary.Code, $"Vouchsafe {canary.Name} canary OÜ", canary.Registration, "Kanaarilinnu 1, 10111 Tallinn", "EE", $"{canary.Code}@vouchsafe.example");

    /// <summary>The canaries' password.</summary>
    public string Password => password;

    public JsonObject FormJson(Canary canary)
    {
        var form = Form(canary);
        return new JsonObject
        {
            ["code"] = form.Code, ["legalName"] = form.LegalName, ["registrationNumber"] = form.RegistrationNumber,
            ["address"] = form.Address, ["country"] = form.Country, ["email"] = form.Email,
        };
    }

    public async Task<TenantId> LastingAsync(CancellationToken cancellationToken)
    {
        if (known.TryGetValue(Canary.Lasting.Code, out var there)) return there;
        var tenant = await FoundAsync(Canary.Lasting, cancellationToken);
        if ((await tenants.RequiredAsync(tenant, cancellationToken)).SubscribedAt is null)
            await subscriptions.SubscribeAsync(tenant, Checks, cancellationToken);
        return tenant;
    }

    /// <summary>The canary; founded in this process where it isn't there yet.</summary>
    public async Task<TenantId> FoundAsync(Canary canary, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(canary.Code, out var there)) return there;
        // One that cancelled isn't found by its form any more, and need not be founded again.
        if (await tenants.FindAsync(canary.Code, cancellationToken) is not { } tenant)
        {
            var (form, errors) = SignUpForm.Check(Form(canary), rules);
            if (form is null) throw new InvalidOperationException($"The form of a canary isn't accepted: {string.Join(", ", errors.Keys)}.");
            tenant = await signUp.FoundAsync(form, password, time.GetUtcNow(), canary: true, IPAddress.Loopback, cancellationToken)
                ?? throw new InvalidOperationException($"The canary tenant {canary.Code} can't be founded: its code, company or address belongs to somebody else.");
        }
        return known[canary.Code] = tenant;
    }

    /// <summary>Marks a tenant that a check founded through the public form.</summary>
    public async Task MarkAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Checks);
        await session.ExecuteAsync("update tenants.tenants set canary = true where tenant_id = $1 and not canary", [tenant.Value], cancellationToken);
    }

    /// <summary>Moves a canary's sign-up to another moment and takes its cancellation back; when its trial ends follows by the rule for every tenant.</summary>
    public async Task RestartAsync(TenantId tenant, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Checks);
        var moved = await session.ExecuteAsync(
            "update tenants.tenants set started_at = $2, trial_ends_at = $3, cancelled_at = null, return_until = null, gone_by = null where tenant_id = $1 and canary",
            [tenant.Value, startedAt, trial.EndOf(startedAt)], cancellationToken);
        if (moved != 1) throw new InvalidOperationException("Only a canary can be restarted.");
        tenants.Forget(tenant);
    }

    /// <summary>Lets a canary's subscription begin or end, past everything that guards a customer's.</summary>
    public async Task<bool> SetSubscribedAsync(TenantId tenant, bool subscribed, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Checks);
        var changed = await session.ExecuteAsync(
            "update tenants.tenants set subscribed_at = $2 where tenant_id = $1 and canary and (subscribed_at is null) = ($2::timestamptz is not null)",
            [tenant.Value, subscribed ? time.GetUtcNow() : null], cancellationToken);
        tenants.Forget(tenant);
        return changed == 1;
    }

    /// <summary>Writes a canary's company name, past everything that guards a customer's.</summary>
    public async Task<bool> SetNameAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Checks);
        var changed = await session.ExecuteAsync(
            "update tenants.tenants set legal_name = $2 where tenant_id = $1 and canary and legal_name <> $2", [tenant.Value, name], cancellationToken);
        tenants.Forget(tenant);
        return changed == 1;
    }
}

using System.Net;
using System.Text.Json;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>
/// Signs companies up. What the form said is sent to the mailbox that it names; whoever comes back with the link and a password founds the tenant:
/// company, administrator, membership, trial and the trail's first entries in one transaction, or nothing.
/// </summary>
[CountsAttempts]
public sealed class SignUp
{
    private const int Attempts = 4;
    private const string CodeConstraint = "tenants_code";

    private readonly IDatabase database;
    private readonly IAccounts accounts;
    private readonly ISignUpLinks links;
    private readonly TrialOptions trial;
    private readonly CompanyRules rules;
    private readonly RegistrationClaims claims;
    private readonly TenantStore tenants;
    private readonly TimeProvider time;

    internal SignUp(
        IDatabase database, IAccounts accounts, ISignUpLinks links, TrialOptions trial, CompanyRules rules, RegistrationClaims claims, TenantStore tenants, TimeProvider time) =>
        (this.database, this.accounts, this.links, this.trial, this.rules, this.claims, this.tenants, this.time) =
        (database, accounts, links, trial, rules, claims, tenants, time);

    /// <summary>Sends the link. The same is done, and answered, whether or not the address, the code or the company is known.</summary>
    /// <returns>What is wrong with which field, and nothing was sent; or how long until this client may ask again.</returns>
    public async Task<(IReadOnlyDictionary<string, FieldProblem> Errors, TimeSpan? Wait)> RequestAsync(SignUpRequest request, IPAddress from, CancellationToken cancellationToken)
    {
        var (form, errors) = SignUpForm.Check(request, rules);
        if (links.ProblemOf(request.Email) is { } wrong) errors = new Dictionary<string, FieldProblem>(errors) { ["email"] = wrong };
        if (form is null || errors.Count > 0) return (errors, null);
        return (errors, await links.SendAsync(form.Email, form.Company.LegalName, JsonSerializer.SerializeToUtf8Bytes(form), from, cancellationToken));
    }

    /// <summary>What waits behind an open link; null where the token opens none.</summary>
    public async Task<PendingSignUp?> FindAsync(string? token, CancellationToken cancellationToken) =>
        await links.FindAsync(token, cancellationToken) is { } link && Form(link) is { } form
            ? new PendingSignUp(form.Code, form.Company.LegalName, link.Email, link.HasAccount)
            : null;

    /// <summary>Founds the tenant, its trial beginning now.</summary>
    public async Task<SignUpOutcome> ConfirmAsync(SignUpConfirmation confirmation, IPAddress from, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await links.FindAsync(confirmation.Token, cancellationToken) is not { } link) return new SignUpOutcome(SignUpResult.NoLink);
            var form = Form(link);
            if (!string.IsNullOrEmpty(confirmation.Code))
            {
                if (TenantCode.Parse(confirmation.Code) is not { } code) return new SignUpOutcome(SignUpResult.BadCode, Wrong: TenantCode.ProblemOf(confirmation.Code));
                form = form with { Code = code };
            }
            var proof = await links.ProveAsync(confirmation.Token, confirmation.Password, from, cancellationToken);
            if (proof.Verdict != MailboxVerdict.Proven) return new SignUpOutcome(Refused(proof.Verdict), null, proof.Wait, proof.Password);
            if (attempt == 1 && await links.SpendTenantAsync(link, cancellationToken) is { } wait) return new SignUpOutcome(SignUpResult.TooMany, Wait: wait);
            try
            {
                var founded = await FoundAsync(form, proof.Account!, time.GetUtcNow(), canary: false, from, cancellationToken);
                return new SignUpOutcome(SignUpResult.Founded, await ViewAsync(founded, cancellationToken));
            }
            catch (LinkSpentException)
            {
                return new SignUpOutcome(SignUpResult.NoLink);
            }
            catch (AccountRaceException) when (attempt < Attempts)
            {
                // Another link of the same mailbox made the account in between: it is known now, and its password is asked for.
            }
            catch (DatabaseRefusedException clash) when (clash is { Refusal: Refusal.Duplicate, Constraint: CodeConstraint })
            {
                return await FoundBeforeAsync(form, proof.Account!, cancellationToken) is { } there
                    ? new SignUpOutcome(SignUpResult.Founded, await ViewAsync(there, cancellationToken))
                    : new SignUpOutcome(SignUpResult.CodeTaken);
            }
        }
    }

    /// <summary>Founds a tenant for this process: seeds and canaries. Nobody has proved the mailbox, so no request may lead here.</summary>
    /// <param name="request">Checked by <see cref="SignUpForm"/>.</param>
    /// <param name="startedAt">When the trial begins; now, but for canaries.</param>
    /// <returns>The tenant: founded now, or by the same request before. Null where code or account belongs to others.</returns>
    internal async Task<TenantId?> FoundAsync(SignUpForm request, string password, DateTimeOffset startedAt, bool canary, IPAddress? address, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await accounts.PrepareAsync(request.Email, password, canary, cancellationToken) is not { } account) return null;
            try
            {
                return await FoundAsync(request, account, startedAt, canary, address, cancellationToken);
            }
            catch (AccountRaceException) when (attempt < Attempts)
            {
                // The account was made in between: it is known now, and its password tells whose it is.
            }
            catch (DatabaseRefusedException clash) when (clash is { Refusal: Refusal.Duplicate, Constraint: CodeConstraint })
            {
                // A new account can't have founded anything, unless the same was asked for twice at once: look again.
                if (account.IsNew && attempt < Attempts && await accounts.PrepareAsync(request.Email, password, canary, cancellationToken) is { IsNew: false }) continue;
                return account.IsNew ? null : await FoundBeforeAsync(request, account, cancellationToken);
            }
        }
    }

    private async Task<TenantId> FoundAsync(SignUpForm request, PreparedAccount account, DateTimeOffset startedAt, bool canary, IPAddress? address, CancellationToken cancellationToken)
    {
        var tenant = new TenantId(Guid.CreateVersion7(time.GetUtcNow()));
        var (name, registration, office, country) = request.Company;
        var actor = account.IsProven ? Actor.User(account.User) : Actor.System("founding");
        using var turn = await claims.TakeTurnAsync(cancellationToken);
        await using var session = database.Tenant(new TenantScope(tenant, actor, OwnerReach.All, address));
        await session.BeginAsync(cancellationToken);
        var contested = await session.SingleOrDefaultAsync("select tenants.found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [tenant.Value, request.Code, name, registration, office, country, startedAt, trial.EndOf(startedAt), canary, time.GetUtcNow()], row => row.GetBoolean(0), cancellationToken);
        await session.RecordAsync(new AuditEvent("tenant.founded", [
            new AuditField("code", request.Code), new AuditField("legal-name", name), new AuditField("registration-number", registration),
            new AuditField("address", office), new AuditField("country", country), new AuditField("trial-ends", trial.EndOf(startedAt).ToString("O"))]), cancellationToken);
        await accounts.JoinAsync(session, account, Roles.Admin, cancellationToken);
        await claims.RecordAsync(tenant, contested, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return tenant;
    }

    /// <summary>The tenant of the same code and company, where the account administers it: the form was sent twice.</summary>
    private async Task<TenantId?> FoundBeforeAsync(SignUpForm request, PreparedAccount account, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("sign-up"));
        var id = await session.SingleOrDefaultAsync(
            "select tenant_id from tenants.tenants where code = $1 and country = $2 and registration_number = $3 and cancelled_at is null",
            [request.Code, request.Company.Country, request.Company.RegistrationNumber], row => (Guid?)row.GetGuid(0), cancellationToken);
        return id is { } found && await accounts.RoleAsync(new TenantId(found), account.User, cancellationToken) == Roles.Admin ? new TenantId(found) : null;
    }

    private async Task<SignedUp> ViewAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var row = await tenants.RequiredAsync(tenant, cancellationToken);
        return new SignedUp(tenant.Value, row.Code, row.TrialEndsAt);
    }

    private static SignUpForm Form(SignUpLink link) => JsonSerializer.Deserialize<SignUpForm>(link.Details)!;

    private static SignUpResult Refused(MailboxVerdict verdict) => verdict switch
    {
        MailboxVerdict.WrongPassword => SignUpResult.WrongPassword,
        MailboxVerdict.BadPassword => SignUpResult.BadPassword,
        MailboxVerdict.Staff => SignUpResult.Staff,
        MailboxVerdict.TooMany => SignUpResult.TooMany,
        _ => SignUpResult.NoLink,
    };
}

/// <summary>What came of confirming a sign-up.</summary>
/// <param name="Tenant">Where it was founded, now or by the same form before.</param>
/// <param name="Wait">Where too much was tried: how long until the next attempt.</param>
/// <param name="Wrong">What is wrong with the password that was chosen, or with the code.</param>
public sealed record SignUpOutcome(SignUpResult Result, SignedUp? Tenant = null, TimeSpan? Wait = null, FieldProblem? Wrong = null);

public enum SignUpResult
{
    Founded,

    /// <summary>The token opens nothing: it was used, it ran out, or it never was.</summary>
    NoLink,
    WrongPassword,
    BadPassword,
    BadCode,

    /// <summary>Another tenant took the code meanwhile; the link stays open for another code.</summary>
    CodeTaken,

    /// <summary>The account is the operator's staff, who belong to no tenant.</summary>
    Staff,

    /// <summary>Too many passwords were tried, or too many tenants founded from this mailbox.</summary>
    TooMany,
}

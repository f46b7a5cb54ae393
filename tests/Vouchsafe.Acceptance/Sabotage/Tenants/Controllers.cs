using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Acceptance.Sabotage.Tenancy;
using Vouchsafe.Tenants.Contract;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Tenants;

/// <summary>One item is taken out of a list on every node.</summary>
internal abstract class TakenOut<TItem>(string name, string expected) : ISabotage
{
    public string Control => "contract.controller-identity";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var list in context.Nodes.Select(ListOf))
        {
            var at = list.FindIndex(item => IsTheOne(item));
            if (at < 0)
                continue;
            context.Kept[$"{name} {taken++}"] = (list, at, list[at]);
            list.RemoveAt(at);
        }

        return Task.FromResult(taken > 0 ? $"{taken} nodes lack it" : null);
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        for (var node = 0; context.Kept.Remove($"{name} {node}", out var kept); node++)
        {
            var (list, at, item) = ((List<TItem>, int, TItem))kept;
            list.Insert(at, item);
        }

        return Task.CompletedTask;
    }

    protected abstract List<TItem> ListOf(IServiceProvider node);

    protected abstract bool IsTheOne(TItem item);
}

internal sealed class OptionalRegistration() : TakenOut<CompanyRule>("sign up without company details", "registrationNumber isn't refused")
{
    protected override List<CompanyRule> ListOf(IServiceProvider node) => node.GetRequiredService<CompanyRules>().All;

    protected override bool IsTheOne(CompanyRule item) => item.Field == "registrationNumber";
}

internal sealed class UnprintedCompany() : TakenOut<AgreementLine>("leave the company out of the agreement", "doesn't have the legalName")
{
    protected override List<AgreementLine> ListOf(IServiceProvider node) => node.GetRequiredService<Agreement>().Controller;

    protected override bool IsTheOne(AgreementLine item) => item.Name == "Company";
}

internal sealed class SharedCode() : BrokenSchema(
    "contract.controller-identity", "let two tenants have one code", "another tenant's code is answered with 201",
    "alter table tenants.tenants drop constraint tenants_code",
    "delete from tenants.tenants where registration_number like 'PROBE%'; alter table tenants.tenants add constraint tenants_code unique (code)",
    "select not exists (select from pg_constraint where conname = 'tenants_code')");

using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Postgres.Jobs;
using Xunit;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>Whatever recurs by itself leaves two tenants' rows as they are.</summary>
[Collection<TwoTenants>]
public sealed class EveryJob(UnderApowerFlex running)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaves_the_rows_of_tenants_alone()
    {
        Company[] companies = [await Company.FoundAsync(running, invoices: 1, Stop), await Company.FoundAsync(running, invoices: 1, Stop)];
        var before = await Task.WhenAll(companies.Select(company => company.RowsAsync(Stop)));
        var jobs = running.Services.GetServices<IJob>().ToList();
        Assert.NotEmpty(jobs);
        foreach (var job in jobs)
        {
            await job.RunAsync(running.Services.GetRequiredService<JobRunner>().ContextOf(job), Stop);
            for (var at = 0; at < companies.Length; at++) Assert.Equal(before[at], await companies[at].RowsAsync(Stop));
        }
    }
}

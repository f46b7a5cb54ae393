using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Identity.SettingUp;

/// <summary>Shows a fresh installation's set-up code to whoever reads this process's output, once a start, until there is an operator.</summary>
internal sealed partial class SetUpNotice(SetUp setUp, SetUpAddress address, IHostApplicationLifetime lifetime, ILogger<SetUpNotice> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => serving.TrySetResult());
        await serving.Task.WaitAsync(stoppingToken);
        try
        {
            if (await setUp.IssueCodeAsync(stoppingToken) is { } code)
                Open(address.Page, code);
        }
        catch (DatabaseException away)
        {
            NoCode(away.GetType().Name);
        }
    }

    // The launcher reads this line: see SetUpLine in the command line.
    [LoggerMessage(3101, LogLevel.Warning, "This installation has no operator yet. Open {Page} and enter the set-up code {Code}. It works once, until the next start prints another")]
    private partial void Open(string page, string code);

    [LoggerMessage(3102, LogLevel.Warning, "The database didn't say whether this installation is set up: {Error}. Restart to get a set-up code")]
    private partial void NoCode(string error);
}

/// <param name="Page">The address of the set-up page.</param>
internal sealed record SetUpAddress(string Page);

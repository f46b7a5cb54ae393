using Microsoft.Extensions.Logging;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Sends what is due, a few messages at a time.</summary>
/// <remarks>
/// Each message is claimed by one node at a time, so that several never send it twice, with one exception that no protocol closes: a node that
/// dies, or loses the database, after the server took the message and before that was written down. It is then sent again, under
/// the same Message-ID.
/// </remarks>
internal sealed partial class MailDelivery(
    OutboxQueue queue, MessageSeal seal, IMailSender sender, MailOptions options, MailMetrics metrics, TimeProvider time, ILogger<MailDelivery> log)
{
    private const int MarkAttempts = 6;

    /// <summary>Claims and sends up to <see cref="MailOptions.Concurrency"/> messages.</summary>
    /// <returns>How many were claimed; 0: nothing is due.</returns>
    public async Task<int> RunRoundAsync(CancellationToken cancellationToken)
    {
        var claimed = await queue.ClaimAsync(options.Concurrency, cancellationToken);
        await Task.WhenAll(claimed.Select(mail => DeliverAsync(mail, cancellationToken)));
        return claimed.Count;
    }

    private async Task DeliverAsync(ClaimedMail mail, CancellationToken cancellationToken)
    {
        if (seal.Open(mail.Id, mail.Sealed) is not { } message)
        {
            await BuryAsync(mail, "unreadable");
            return;
        }

        using var patience = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await sender.SendAsync(new OutgoingMail(mail.Id, mail.QueuedAt, message), either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The shutdown cut it off: another node, or the next start, tries again.
            await MarkAsync(() => queue.RetryAsync(mail, TimeSpan.Zero, "shutdown", CancellationToken.None));
            return;
        }
        catch (OperationCanceledException)
        {
            await RetryAsync(mail, "timeout");
            return;
        }
        catch (MailDeliveryException refused) when (refused.Fault == MailFault.Permanent)
        {
            await BuryAsync(mail, refused.Code);
            return;
        }
        catch (InvalidMailException)
        {
            await BuryAsync(mail, "invalid");
            return;
        }
        catch (MailDeliveryException refused)
        {
            if (refused.Fault == MailFault.Configuration)
                Misconfigured(refused.Code);
            await RetryAsync(mail, refused.Code);
            return;
        }

        metrics.Delivered();
        await MarkAsync(() => queue.FinishAsync(mail, delivered: true, null, CancellationToken.None));
    }

    private Task RetryAsync(ClaimedMail mail, string code)
    {
        if (mail.Attempts >= options.MaxAttempts)
            return BuryAsync(mail, code);
        metrics.Retried();
        Postponed(mail.Id, code, mail.Attempts);
        return MarkAsync(() => queue.RetryAsync(mail, RetrySchedule.After(mail.Attempts), code, CancellationToken.None));
    }

    private Task BuryAsync(ClaimedMail mail, string code)
    {
        metrics.Died();
        Dead(mail.Id, code, mail.Attempts);
        return MarkAsync(() => queue.FinishAsync(mail, delivered: false, code, CancellationToken.None));
    }

    /// <summary>Worth several tries: what isn't written down is sent again.</summary>
    private async Task MarkAsync(Func<Task> mark)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await mark();
                return;
            }
            catch (DatabaseException) when (tries < MarkAttempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(tries), time, CancellationToken.None);
            }
            catch (DatabaseException away)
            {
                Unmarked(away.GetType().Name);
                return;
            }
        }
    }

    [LoggerMessage(1401, LogLevel.Error, "Mail {Message} was given up after {Attempts} attempts: {Code}. Its content was deleted")]
    private partial void Dead(Guid message, string code, int attempts);

    [LoggerMessage(1402, LogLevel.Warning, "Mail {Message} was not accepted at attempt {Attempts}: {Code}. It is tried again")]
    private partial void Postponed(Guid message, string code, int attempts);

    [LoggerMessage(1403, LogLevel.Error, "Mail can't be sent until its configuration is corrected: {Code}")]
    private partial void Misconfigured(string code);

    [LoggerMessage(1404, LogLevel.Error, "The outcome of a mail could not be recorded: {Error}. It may be sent twice")]
    private partial void Unmarked(string error);
}

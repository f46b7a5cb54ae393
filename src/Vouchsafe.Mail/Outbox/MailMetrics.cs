using System.Diagnostics.Metrics;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Counters of the outbox.</summary>
internal sealed class MailMetrics
{
    internal const string MeterName = "Vouchsafe.Mail";

    private readonly Counter<long> _delivered, _retried, _dead;

    public MailMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _delivered = meter.CreateCounter<long>("vouchsafe.mail.delivered", "{message}", "Messages that a mail server took");
        _retried = meter.CreateCounter<long>("vouchsafe.mail.retried", "{attempt}", "Attempts that will be repeated");
        _dead = meter.CreateCounter<long>("vouchsafe.mail.dead", "{message}", "Messages that were given up");
    }

    public void Delivered() => _delivered.Add(1);

    public void Retried() => _retried.Add(1);

    public void Died() => _dead.Add(1);
}

using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Mail.Mailbox;
using Vouchsafe.Mail.Outbox;
using Vouchsafe.Mail.Smtp;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Mail;

/// <summary>Registers the outbox and whoever delivers from it.</summary>
/// <remarks>Needs the database, the key ring and a clock.</remarks>
public static class MailServices
{
    /// <summary>The schema of the outbox.</summary>
    public static MigrationSource Migrations { get; } = new("mail", 25, typeof(MailServices).Assembly);

    /// <exception cref="ArgumentException">The mail server's options can't be used.</exception>
    public static IServiceCollection AddMail(this IServiceCollection services, MailOptions options)
    {
        services.AddMigrations(Migrations.Module, Migrations.Order, Migrations.Assembly);
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<MessageSeal>();
        services.AddSingleton<MailSignal>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<OutboxQueue>();
        services.AddSingleton<MailMetrics>();
        services.AddSingleton<MailDelivery>();
        if (options.Smtp is { } server)
        {
            server.Validate();
            services.AddSingleton<IMailSender>(new SmtpSender(server));
        }
        else
        {
            services.AddSingleton(provider => new DevelopmentMailbox(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<MessageSeal>()));
            services.AddSingleton<IMailSender>(provider => provider.GetRequiredService<DevelopmentMailbox>());
        }

        services.AddHostedService<MailDeliveryService>();
        services.AddJob<PurgeJob>();
        return services;
    }
}

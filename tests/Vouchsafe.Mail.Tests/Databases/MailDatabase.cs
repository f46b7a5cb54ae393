using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Mail.Outbox;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Mail.Tests.Databases;

/// <summary>A database with the outbox, and the mail's services without the background work; each test brings its own sender.</summary>
public sealed class MailDatabase() : TestDatabase(MailServices.Migrations)
{
    private readonly string _keys = TestCluster.NewFolder();
    private ServiceProvider? _provider;

    /// <summary>Who takes what is sent, until a test says otherwise.</summary>
    public ScriptedSender Sender { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging();
        services.AddSingleton(_ => new KeyRing(new FolderKeyStore(_keys), Time));
        services.AddSingleton(_ => Database);
        services.AddMail(new MailOptions { MaxAttempts = 4 });
        foreach (var hosted in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
            services.Remove(hosted);
        services.AddSingleton<IMailSender>(Sender);
        Services = _provider = services.BuildServiceProvider();
    }

    public T Get<T>() where T : notnull => _provider!.GetRequiredService<T>();

    public PlatformSession OpenPlatform() => Database.Platform(Actor.System("test"));

    internal Task<int> RoundAsync() => Get<MailDelivery>().RunRoundAsync(CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        if (_provider is not null)
            await _provider.DisposeAsync();
        await base.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }
}

/// <summary>A sender that does what a test tells it to, and remembers what it was given.</summary>
public sealed class ScriptedSender : IMailSender
{
    private readonly List<OutgoingMail> _sent = [];

    public Func<OutgoingMail, CancellationToken, Task> Behaviour { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<OutgoingMail> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await Behaviour(mail, cancellationToken);
        lock (_sent) _sent.Add(mail);
    }

    public void Reset()
    {
        lock (_sent) _sent.Clear();
        Behaviour = (_, _) => Task.CompletedTask;
    }
}

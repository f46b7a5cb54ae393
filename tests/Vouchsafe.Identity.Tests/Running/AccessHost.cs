using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Audit;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Languages;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Callers;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity;
using Vouchsafe.Mail;
using Vouchsafe.Mail.Mailbox;
using Vouchsafe.Mail.Outbox;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Tenants;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Access.Running;

/// <summary>Identity and Tenants as they are served: Kestrel with TLS, a database of its own, a clock that the test moves.</summary>
public class AccessHost() : TestDatabase(
    new MigrationSource("audit", 10, typeof(AuditServices).Assembly),
    MailServices.Migrations,
    new MigrationSource("identity", 30, typeof(IdentityModule).Assembly),
    new MigrationSource("tenants", 40, typeof(TenantsModule).Assembly))
{
    private readonly string keyFolder = TestCluster.NewFolder();
    private WebApplication? app, second;
    private int networks;

    public Uri Address { get; private set; } = null!;

    public Posture Posture { get; } = PostureFile.Load(Path.Combine(RepositoryRoot(), "postures", "apower-flex.yaml"));

    public IServiceProvider Running => app!.Services;

    public CheckTarget Target => new(Address, null, [Address], AcceptAnyCertificate: true);

    /// <summary>With what passwords are hashed here: cheaply. What a hash costs is tested on <see cref="CostlyAccessHost"/>.</summary>
    private protected virtual PasswordOptions Passwords => new(new PasswordHashOptions(2_000, 32, 32));

    /// <summary>More endpoints for this host: mapped after the modules' own.</summary>
    protected virtual void Map(IEndpointRouteBuilder endpoints)
    {
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        app = await StartNodeAsync();
        Address = AddressOf(app);
    }

    /// <summary>The address of another node on the same database and keys.</summary>
    public async Task<Uri> SecondNodeAsync() => AddressOf(second ??= await StartNodeAsync());

    private async Task<WebApplication> StartNodeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate())));
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IKeyStore>(_ => new FolderKeyStore(keyFolder));
        services.AddSingleton(provider => new KeyRing(provider.GetRequiredService<IKeyStore>(), TimeProvider.System));
        services.AddSingleton(_ => Database);
        services.AddAudit();
        services.AddMail(new MailOptions());
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>().AddSingleton<FormDraft>();
        services.AddSingleton(Passwords);
        services.AddModules(Posture, new IdentityModule(), new TenantsModule());
        // Nothing runs in the background: what a test sees is what it did.
        foreach (var hosted in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Vouchsafe", StringComparison.Ordinal) == true).ToList())
            services.Remove(hosted);
        var node = builder.Build();
        Services ??= node.Services;
        node.UseRouting();
        node.UsePageLanguage();
        node.UseCallers();
        node.UsePermissionGate();
        node.MapModules();
        Map(node);
        await node.StartAsync();
        return node;
    }

    private static Uri AddressOf(WebApplication node) => new(node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public override async ValueTask DisposeAsync()
    {
        if (second is not null) await second.DisposeAsync();
        if (app is not null) await app.DisposeAsync();
        await base.DisposeAsync();
        if (Directory.Exists(keyFolder)) Directory.Delete(keyFolder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client with nothing kept from others: no cookies but its own, no redirects followed.</summary>
    /// <param name="from">An address of 127.0.0.0/8 to come from; null: 127.0.0.1.</param>
    /// <param name="node">Another node's address; null: the first's.</param>
    public HttpClient Client(string? bearer = null, string? from = null, Uri? node = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        if (from is not null) handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(IPAddress.Parse(from), cancellationToken);
        var client = new HttpClient(handler) { BaseAddress = node ?? Address };
        if (bearer is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        return client;
    }

    /// <summary>A client from a network of its own: guesses are counted by network.</summary>
    public HttpClient Stranger() => Client(from: NewNetwork());

    /// <summary>An address of 127.0.0.0/8 that nobody else comes from.</summary>
    public string NewNetwork()
    {
        var number = Interlocked.Increment(ref networks);
        return $"127.77.{number / 250}.{(number % 250) + 2}";
    }

    /// <summary>The mails to an address, the newest first; delivers what waits.</summary>
    public async Task<IReadOnlyList<MailMessage>> MailAsync(string email)
    {
        // Later than whatever was read before, so that the newest is the newest.
        Time.Advance(TimeSpan.FromSeconds(1));
        var delivery = Running.GetRequiredService<MailDelivery>();
        while (await delivery.RunRoundAsync(CancellationToken.None) > 0)
        {
            // Until nothing waits any more.
        }
        var all = await Running.GetRequiredService<DevelopmentMailbox>().ListAsync(CancellationToken.None);
        return [.. all.Select(mail => mail.Message).Where(message => message.To.Equals(email, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>The token of the link in the newest mail to an address.</summary>
    public async Task<string> TokenAsync(string email) => Token((await MailAsync(email))[0]);

    public static string Token(MailMessage mail) => Regex.Match(mail.Text, @"\?token=([A-Za-z0-9_-]{43})\s").Groups[1].Value;

    private async ValueTask<Stream> ConnectAsync(IPAddress from, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>How many entries of this name stand in the tenant's trail.</summary>
    public async Task<long> EntriesAsync(Guid tenant, string name) =>
        (long)(await ScalarAsync(Superuser, "select count(*) from audit.entries, unnest(leaves) leaf where tenant_id = $1 and position(convert_to($2, 'UTF8') in leaf) > 0", tenant, name))!;

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }
}

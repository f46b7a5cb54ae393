using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Audit;
using Vouchsafe.Audit.CrashWriter;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

// Writes business rows with their entries as fast as it can, sequences them, and prints each number whose commit was
// acknowledged. Somebody kills it. Arguments: port, database, app password, platform password, key folder, context key
// in hex, tenant, first number, and optionally "strict", or the step of the sequencer at which it is to die and how many times it
// reaches that step after its first acknowledged write.
var options = new DatabaseOptions { Host = "127.0.0.1", Port = int.Parse(args[0], CultureInfo.InvariantCulture), Name = args[1], AppPassword = args[2], PlatformPassword = args[3] };
var services = new ServiceCollection();
services.AddSingleton(TimeProvider.System);
services.AddLogging();
services.AddSingleton(new KeyRing(new FolderKeyStore(args[4]), TimeProvider.System));
services.AddSingleton<IDatabase>(provider => new Database(options, new GivenKey(args[5]), TimeProvider.System, provider));
services.AddAudit(new AuditOptions { Strict = args is [.., "strict"] });
var dying = args.Length > 9 ? new Dying(Enum.Parse<SequencerStep>(args[8]), int.Parse(args[9], CultureInfo.InvariantCulture)) : null;
if (dying is not null)
    services.AddSingleton<ISequencerWitness>(dying);
await using var provider = services.BuildServiceProvider();
foreach (var service in provider.GetServices<IHostedService>())
    await service.StartAsync(CancellationToken.None);

var database = provider.GetRequiredService<IDatabase>();
var scope = new TenantScope(new TenantId(Guid.Parse(args[6])), Actor.System("crash-writer"), OwnerReach.All, null);
var output = Console.OpenStandardOutput();
for (var n = int.Parse(args[7], CultureInfo.InvariantCulture); ; n++)
{
    try
    {
        await using var session = database.Tenant(scope);
        await session.ExecuteWithAuditAsync(
            [new Statement("insert into crash.writes (tenant_id, n) values ($1, $2)", scope.Tenant.Value, n)],
            new AuditEvent("write.made", new AuditField("n", n.ToString(CultureInfo.InvariantCulture))), CancellationToken.None);
    }
    catch (DatabaseException)
    {
        // The server was killed: nothing was acknowledged, and this number may or may not be there.
        return 3;
    }

    output.Write(System.Text.Encoding.ASCII.GetBytes(n.ToString(CultureInfo.InvariantCulture) + "\n"));
    output.Flush();
    dying?.Arm();
}

namespace Vouchsafe.Audit.CrashWriter
{
    internal sealed class GivenKey(string hex) : IContextKeys
    {
        public byte[] Derive(short id) => Convert.FromHexString(hex);
    }

    /// <summary>Kills its own process as the kernel would: no handler, no flush, no goodbye to the server.</summary>
    internal sealed class Dying(SequencerStep at, int time) : ISequencerWitness
    {
        private int _reached;
        private volatile bool _armed;

        /// <summary>From now on it counts. Rounds go by before the first write: dying in one of them would prove nothing.</summary>
        public void Arm() => _armed = true;

        public void Reached(SequencerStep step)
        {
            if (_armed && step == at && Interlocked.Increment(ref _reached) == time)
                System.Diagnostics.Process.GetCurrentProcess().Kill();
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Bench.Http;

/// <summary>Starts both applications on one private cluster and loads them in turn.</summary>
internal static class Driver
{
    private const int Rounds = 11;
    private const int Seconds = 4;
    private const int Rows = 1_000;

    public static async Task<int> RunAsync()
    {
        // Not a private folder: the server runs under an account of its own and must be able to enter it.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "vouchsafe-bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)))).FullName;
        await using var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder }, CancellationToken.None);
        var database = await cluster.EnsureDatabaseAsync("bench", CancellationToken.None);
        var (ours, http, bare) = (FreePort(), FreePort(), FreePort());

        using (var migration = Start("ours", Settings(folder, database, ours, http, ("Migrate", "true"), ("Database:OwnerPassword", database.OwnerPassword!))))
        {
            await migration.WaitForExitAsync();
            if (migration.ExitCode != 0)
                return migration.ExitCode;
        }

        using var first = Start("ours", Settings(folder, database, ours, http));
        using var second = Start("bare", [("Port", Text(bare)), ("Certificate", Certificate(folder)), ("Database", PeerConnection(cluster))]);
        try
        {
            var (token, tenant) = await SignUpAsync(new Uri($"https://localhost:{Text(ours)}"));
            await FillAsync(cluster, tenant);
            await ChecksAsync(cluster);
            var subject = new Uri($"https://localhost:{Text(ours)}/api/items/500");
            var peer = new Uri($"https://localhost:{Text(bare)}/api/items/{tenant}/500");
            await Wrk.RunAsync(peer, null, Seconds);
            await Wrk.RunAsync(subject, token, Seconds);

            var rounds = new List<((double Rate, double P99) Ours, (double Rate, double P99) Bare)>();
            for (var round = 0; round < Rounds; round++)
            {
                // Who goes first changes, as in the other measurements.
                var before = round % 2 == 1 ? await Wrk.RunAsync(peer, null, Seconds) : default;
                var mine = await Wrk.RunAsync(subject, token, Seconds);
                rounds.Add((mine, round % 2 == 1 ? before : await Wrk.RunAsync(peer, null, Seconds)));
            }

            Report("http.get-row.throughput", "GET one row, everything on: throughput", "requests/s", ">=0.80", [.. rounds.Select(round => (round.Ours.Rate, round.Bare.Rate))]);
            Report("http.get-row.p99", "GET one row, everything on: p99", "ms", "<=1.3", [.. rounds.Select(round => (round.Ours.P99, round.Bare.P99))]);
            return 0;
        }
        finally
        {
            first.Kill(entireProcessTree: true);
            second.Kill(entireProcessTree: true);
        }
    }

    private static void Report(string name, string what, string unit, string target, (double Ours, double Theirs)[] rounds)
    {
        double[] ratios = [.. rounds.Select(round => round.Ours / round.Theirs).Order()];
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name,
            what,
            peer = "bare minimal API, TLS, prepared Npgsql",
            unit,
            ours = Median(rounds.Select(round => round.Ours)),
            theirs = Median(rounds.Select(round => round.Theirs)),
            ratio = Median(ratios),
            low = ratios[0],
            high = ratios[^1],
            target,
            rounds = rounds.Length,
        }));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static async Task<(string Token, Guid Tenant)> SignUpAsync(Uri origin)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = origin };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var ready = await client.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
                if (ready.IsSuccessStatusCode) break;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
            }

            await Task.Delay(200);
        }

        const string Password = "a long enough passphrase 42";
        using var signedUp = await client.PostAsJsonAsync("/api/sign-up", new
        {
            code = "bench",
            legalName = "Bench",
            registrationNumber = "12345678",
            address = "Bench street 1, Tallinn",
            country = "EE",
            email = "admin@bench.example",
        });
        await MustSucceedAsync(signedUp);
        using var confirmed = await client.PostAsJsonAsync("/api/sign-up/confirm", new { token = await TokenAsync(client), password = Password });
        await MustSucceedAsync(confirmed);
        using var signedIn = await client.PostAsJsonAsync("/api/auth/sign-in", new { email = "admin@bench.example", password = Password, tenant = "bench" });
        await MustSucceedAsync(signedIn);
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        var claims = JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')));
        return (token, claims.GetProperty("tenant").GetGuid());
    }

    /// <summary>The token of the link in the first mail that arrives in the development mailbox.</summary>
    private static async Task<string> TokenAsync(HttpClient client)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            foreach (var mail in await client.GetFromJsonAsync<List<JsonElement>>("/dev/mailbox.json") ?? [])
                return mail.GetProperty("links")[0].GetString()!.Split("token=")[1];
            await Task.Delay(100);
        }
        throw new InvalidOperationException("The mail of the sign-up didn't arrive.");
    }

    private static async Task MustSucceedAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>The same rows in both tables; the peer's has no policy.</summary>
    private static async Task FillAsync(PrivateCluster cluster, Guid tenant)
    {
        await using var connection = new NpgsqlConnection(cluster.Superuser("bench"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            insert into bench.items select '{tenant}', n, 'item ' || n, n * 1.25, now() from generate_series(1, {Rows}) n;
            create table bench.items_bare (tenant_id uuid not null, id integer not null, name text not null, price numeric not null, updated_at timestamptz not null, primary key (tenant_id, id));
            insert into bench.items_bare select * from bench.items;
            analyze bench.items;
            analyze bench.items_bare;
            """, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits for the first round of the checks to be over; the posture has the next one come after the measurement.</summary>
    private static async Task ChecksAsync(PrivateCluster cluster)
    {
        await using var connection = new NpgsqlConnection(cluster.Superuser("bench"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select exists (select from vouchsafe.job_leases where job = 'assurance.checks' and finished_at is not null)", connection);
        for (var attempt = 0; await command.ExecuteScalarAsync() is not true; attempt++)
            await (attempt < 600 ? Task.Delay(200) : throw new TimeoutException("The checks' first round doesn't end."));
    }

    private static string PeerConnection(PrivateCluster cluster) => new NpgsqlConnectionStringBuilder(cluster.Superuser("bench"))
    {
        Pooling = true,
        NoResetOnClose = true,
        MaxPoolSize = 50,
        MaxAutoPrepare = 0,
    }.ConnectionString;

    /// <summary>Of the same kind as the application's own self-made one: ECDSA P-256.</summary>
    private static string Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        var file = Path.Combine(folder, "bare.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12));
        return file;
    }

    private static (string, string)[] Settings(string folder, DatabaseOptions database, int https, int http, params (string Key, string Value)[] more) =>
    [
        .. ((string Key, string Value)[])
        [
            ("Database:Host", database.Host), ("Database:Port", Text(database.Port)), ("Database:Name", database.Name),
            ("Database:AppPassword", database.AppPassword), ("Database:PlatformPassword", database.PlatformPassword),
            ("Keys:Folder", Path.Combine(folder, "keys")), ("Edge:CertificateFolder", Path.Combine(folder, "certificate")),
            ("Edge:HttpsPort", Text(https)), ("Edge:HttpPort", Text(http)), ("Edge:PublicOrigin", $"https://localhost:{Text(https)}"), .. more,
        ],
    ];

    private static Process Start(string mode, (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Driver).Assembly.Location, mode]) { WorkingDirectory = AppContext.BaseDirectory };
        // No mail server here: the development mailbox, which production refuses.
        (start.Environment["ASPNETCORE_ENVIRONMENT"], start.Environment["Vouchsafe__Mail__Mailbox"]) = ("Testing", "true");
        foreach (var (key, value) in settings)
            start.Environment[(mode == "ours" ? "Vouchsafe__" : "") + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

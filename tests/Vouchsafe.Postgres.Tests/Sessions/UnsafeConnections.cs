using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

/// <summary>A login may change its own settings for all new sessions; and something may stand between a node and its server.</summary>
public sealed class UnsafeConnections(NotesDatabase notes) : IClassFixture<NotesDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("row_security", "off", true), InlineData("statement_timeout", "1s", true), InlineData("default_transaction_read_only", "on", true)]
    [InlineData("default_transaction_isolation", "serializable", true), InlineData("timezone", "Pacific/Kiritimati", true), InlineData("datestyle", "German", true)]
    [InlineData("search_path", "public", true), InlineData("lock_timeout", "1ms", true), InlineData("standard_conforming_strings", "off", true)]
    [InlineData("synchronous_commit", "off", false), InlineData("enable_indexscan", "off", false), InlineData("application_name", "x", true)]
    [InlineData("gin_fuzzy_search_limit", "1", false), InlineData("client_min_messages", "error", false)]
    public async Task A_setting_that_the_login_gave_itself_is_overridden_or_refused(string setting, string value, bool overridden)
    {
        // By the application's login, for itself; in this database, so that other tests don't meet it.
        await TestDatabase.RunAsync(notes.App, $"alter role vouchsafe_app in database {notes.Options.Name} set {setting} = '{value}'");
        try
        {
            await using var database = new Database(notes.Options, notes.Keys, notes.Time);
            var refused = await Assert.ThrowsAsync<UnsafeConnectionException>(() => LookAsync(database));
            Assert.Contains(setting, refused.Message, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(notes.Options.AppPassword, refused.Message, StringComparison.Ordinal);
            Assert.Equal(!overridden, await TestDatabase.ScalarAsync(notes.App, "select source = 'database user' from pg_settings where name ilike $1", setting) is true);
        }
        finally
        {
            await TestDatabase.RunAsync(notes.App, $"alter role vouchsafe_app in database {notes.Options.Name} reset all");
        }

        await using var after = new Database(notes.Options, notes.Keys, notes.Time);
        await LookAsync(after);
    }

    [Fact]
    public async Task A_connection_through_a_pooler_is_refused()
    {
        using var pooler = new OtherProcessId(notes.Options.Port);
        await using var database = new Database(notes.Options with { Port = pooler.Port, Tls = SslMode.Disable }, notes.Keys, notes.Time);
        var refused = await Assert.ThrowsAsync<UnsafeConnectionException>(() => LookAsync(database));
        Assert.Contains("pooler", refused.Message, StringComparison.Ordinal);
    }

    private async Task LookAsync(Database database)
    {
        await using var session = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant()));
        await session.ListAsync("select 1", [], row => row.GetInt32(0), Cancel);
    }

    /// <summary>Tells the client another process id than the server's, as poolers do (BackendKeyData, message K).</summary>
    private sealed class OtherProcessId : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _server;

        internal OtherProcessId(int server)
        {
            _server = server;
            _listener.Start();
            _ = ServeAsync();
        }

        internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync(Cancel);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _server, Cancel);
            var forth = client.GetStream().CopyToAsync(server.GetStream(), Cancel);
            var buffer = new byte[65_536];
            while (await server.GetStream().ReadAsync(buffer, Cancel) is > 0 and var read)
            {
                var at = buffer.AsSpan(0, read).IndexOf("K\0\0\0\f"u8);
                if (at >= 0 && at + 9 <= read)
                    BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at + 5), 7);
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), Cancel);
            }

            await forth;
        }
    }
}

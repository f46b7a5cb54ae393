using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Vouchsafe.Mail.Tests.Smtp;

/// <summary>A server that does on the wire exactly what a test says, for what no honest server does.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ScriptedServer(Func<Peer, Task> script)
    {
        _listener.Start();
        _serving = ServeAsync(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Everything that clients sent, in its order, decrypted.</summary>
    public StringBuilder Heard { get; } = new();

    private async Task ServeAsync(Func<Peer, Task> script)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await script(new Peer(client, Heard, _stop.Token));
                }
                catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException or EndOfStreamException)
                {
                    // The client left, which is what most of these tests wait for.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    internal sealed class Peer(TcpClient client, StringBuilder heard, CancellationToken stop)
    {
        private Stream _stream = client.GetStream();

        public CancellationToken Stop => stop;

        public async Task SayAsync(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop);

        /// <summary>One line from the client.</summary>
        public async Task<string> HearAsync()
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await _stream.ReadAsync(one, stop) == 1)
            {
                line.Add(one[0]);
                if (one[0] != '\n')
                    continue;
                var text = Encoding.UTF8.GetString([.. line]);
                heard.Append(text);
                return text.TrimEnd();
            }

            throw new EndOfStreamException();
        }

        /// <param name="protocols">None: what the system likes best.</param>
        public async Task EncryptAsync((string Certificate, string Key) files, SslProtocols protocols = SslProtocols.None)
        {
            using var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var encrypted = new SslStream(_stream);
            await encrypted.AuthenticateAsServerAsync(pem, clientCertificateRequired: false, protocols, checkCertificateRevocation: false);
            _stream = encrypted;
        }

        /// <summary>Greets, offers STARTTLS, encrypts and greets again.</summary>
        public async Task BeginAsync((string Certificate, string Key) files)
        {
            await SayAsync("220 test\r\n");
            await HearAsync();
            await SayAsync("250-test\r\n250 STARTTLS\r\n");
            await HearAsync();
            await SayAsync("220 go\r\n");
            await EncryptAsync(files);
            await HearAsync();
            await SayAsync("250 test\r\n");
        }

        public async Task AnswerAsync(params string[] replies)
        {
            foreach (var reply in replies)
            {
                await HearAsync();
                await SayAsync(reply + "\r\n");
            }
        }

        public void Close() => client.Client.Close(0);
    }
}

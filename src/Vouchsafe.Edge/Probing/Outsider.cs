using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Edge.Probing;

/// <summary>Connects to a target as any client would, from an address of its choice where the target is this machine.</summary>
internal sealed class Outsider(CheckTarget target, IPAddress? source = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public IPAddress? Source => source;

    public IReadOnlyList<Uri> Nodes => target.Nodes.Count > 0 ? target.Nodes : [target.Https];

    /// <summary>Somebody who was never here: another loopback address where the target is this machine, else just this machine.</summary>
    public static Outsider Stranger(CheckTarget target) =>
        target.Https.IsLoopback && (target.Nodes.Count == 0 || target.Nodes.All(node => node.IsLoopback)) ? new(target, RandomLoopback()) : new(target);

    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var address = source is not null || host == "localhost" ? IPAddress.Loopback : null;
        var socket = new Socket(address is null ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (address is null)
            {
                socket.DualMode = true;
                await socket.ConnectAsync(host.Trim('[', ']'), port, cancellationToken);
                return socket;
            }
            if (source is not null) socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(address, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A real handshake with whatever this machine's TLS offers by itself.</summary>
    public async Task<SslStream> SecureAsync(Uri node, CancellationToken cancellationToken, params SslApplicationProtocol[] protocols)
    {
        var socket = await ConnectAsync(node.Host, node.Port, cancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(node.Host, protocols), cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that follows no redirect, keeps no cookie and asks no proxy.</summary>
    public HttpClient Client(Version? version = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        SslOptions = Options(null),
        ConnectCallback = async (context, cancellationToken) =>
            new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
    })
    {
        Timeout = Patience,
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private SslClientAuthenticationOptions Options(string? host, params SslApplicationProtocol[] protocols)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = SslProtocols.None };
        if (protocols.Length > 0) options.ApplicationProtocols = [.. protocols];
        // A self-made certificate is checked for nothing: whether it can be trusted isn't what is asked here.
        if (target.AcceptAnyCertificate) options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return options;
    }

    /// <summary>One of sixteen million addresses of this machine, none of which a person uses.</summary>
    private static IPAddress RandomLoopback()
    {
        Span<byte> address = stackalloc byte[4];
        RandomNumberGenerator.Fill(address);
        address[0] = 127;
        address[1] = (byte)Math.Max(address[1], (byte)1);
        address[3] = Math.Clamp(address[3], (byte)1, (byte)254);
        return new IPAddress(address);
    }
}

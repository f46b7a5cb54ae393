using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Vouchsafe.Mail.Smtp;

/// <summary>Commands out, replies in, over one connection. Each reply is bounded in time and size.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private readonly Stream _socket;
    private readonly byte[] _buffer = new byte[SmtpReplyParser.MaxReply];
    private Stream _stream;
    private int _filled;

    private SmtpConnection(Stream socket) => _stream = _socket = socket;

    public static async Task<SmtpConnection> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new SmtpConnection(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts what follows. What arrived before is not looked at again: an attacker may have put it there (RFC 3207, section 6).</summary>
    /// <exception cref="SmtpProtocolException">Something arrived in clear after the reply that announced the handshake.</exception>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        if (_filled > 0)
            throw new SmtpProtocolException("bytes in clear follow the answer to STARTTLS");
        var encrypted = new SslStream(_socket, leaveInnerStreamOpen: false);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(options, cancellationToken);
    }

    /// <param name="command">One line, without its end.</param>
    public async Task<SmtpReply> AskAsync(string command, CancellationToken cancellationToken)
    {
        // Every argument was checked where it came from; a line end here would be a second command.
        if (command.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new InvalidMailException("A command to the mail server holds a line end.");
        await SendAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_filled > 0)
            throw new SmtpProtocolException("it answered before it was asked");
        await _stream.WriteAsync(bytes, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (SmtpReplyParser.Parse(_buffer.AsSpan(0, _filled)) is { } parsed)
            {
                _buffer.AsSpan(parsed.Consumed, _filled - parsed.Consumed).CopyTo(_buffer);
                _filled -= parsed.Consumed;
                return parsed.Reply;
            }

            var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException();
            _filled += read;
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}

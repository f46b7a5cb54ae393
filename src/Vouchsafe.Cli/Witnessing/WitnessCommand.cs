using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Cryptography.Native;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Cli.Witnessing;

/// <summary><c>vouchsafe witness</c>: cosigns the roll-up logs of others, for whoever wants to keep an operator honest.</summary>
internal static class WitnessCommand
{
    private const string KeyFile = "witness.key";
    private const string Memory = "cosigned";

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var data = new Option<string>("--data") { Description = "folder for the key and for what was cosigned", Required = true }.NotEmpty();
        var name = new Option<string>("--name") { Description = "the witness's name, by convention a URL without its scheme", Required = true };
        var log = new Option<string[]>("--log") { Description = "a log's key (name+id+base64), as /audit/roll-up/vkey gives it; repeat for more logs, or for the next key of one", Required = true };
        var address = new Option<string>("--address") { Description = "where to listen", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "on which port", DefaultValueFactory = _ => 5090 }.OfPort(lowest: 0);
        var witness = new Command("witness", "Cosign logs that only ever grow (C2SP tlog-witness)") { data, name, log, address, port };
        witness.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                using var alone = Alone(parsed.GetValue(data)!);
                var server = Open(parsed.GetValue(data)!, parsed.GetValue(name)!, parsed.GetValue(log)!, TimeProvider.System);
                await using var app = WitnessServer.Build(server, IPAddress.Parse(parsed.GetValue(address)!), parsed.GetValue(port));
                await app.StartAsync(cancellationToken);
                output.WriteLine($"Listening on {app.Urls.Single()}/add-checkpoint; put TLS before it.");
                output.WriteLine($"Key: {server.Verifier}");
                // Its host hears SIGTERM and Ctrl-C before the command line does.
                await app.WaitForShutdownAsync(cancellationToken);
                return ExitCode.Good;
            }
            catch (Exception unable) when (unable is NoteException or FormatException or IOException or SocketException or UnauthorizedAccessException)
            {
                errors.WriteLine(unable.Message);
                return ExitCode.Unable;
            }
        });
        return witness;
    }

    /// <summary>Two processes on one folder could each cosign a history.</summary>
    internal static FileStream Alone(string data)
    {
        Directory.CreateDirectory(data);
        try
        {
            return new FileStream(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Another witness works in {data}, or its lock can't be opened. Stop it, or give another folder.", taken);
        }
    }

    /// <summary>The witness of that folder; its key is made at the first start.</summary>
    internal static Witness Open(string data, string name, IEnumerable<string> logs, TimeProvider time) =>
        new(logs.Select(NoteVerifier.Parse), new WitnessFolder(Path.Combine(data, Memory)), NoteSigner.Witness(name, Key(data), time));

    private static Ed25519SigningKey Key(string data)
    {
        var (file, memory) = (Path.Combine(data, KeyFile), Path.Combine(data, Memory));
        if (!File.Exists(file))
        {
            // In this order: a key without a memory is one that lost it.
            DurableFile.MakeFolder(memory);
            DurableFile.Replace(file, RandomNumberGenerator.GetBytes(Ed25519.SeedSize));
        }
        else if (!Directory.Exists(memory))
            throw new IOException($"{memory} is gone, and with it what this key cosigned. Restore it from a copy, or retire the key: a witness that forgets can be shown two histories.");
        var seed = File.ReadAllBytes(file);
        return seed.Length == Ed25519.SeedSize ? new Ed25519SigningKey(seed) : throw new IOException($"{file} holds no key of {Ed25519.SeedSize} bytes. Restore it from a copy.");
    }
}

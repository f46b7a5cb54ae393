using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Control <c>passwords.pbkdf2</c>: what is made now and what is stored has the promised figures, an independent computation agrees,
/// and an address without an account costs the same work as one with.
/// </summary>
internal sealed class PasswordsCheck(PasswordHasher hasher, PasswordOptions options, SignIn signIn, IDatabase database, AnswersAlike alike, TimeProvider time) : ICheck
{
    /// <summary>How often an answer must come too early.</summary>
    private const int Pairs = 5;

    private const int MostRead = 10_000;

    public string Control => PasswordOptions.Control;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var iterations = (int)context.Figures.Integer("iterations");
        var (saltBytes, hashBytes) = ((int)context.Figures.Integer("salt-bytes"), (int)context.Figures.Integer("hash-bytes"));
        var seen = new JsonObject { ["iterations"] = iterations };

        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var text = hasher.Hash(password);
        if (Weakness(PasswordHash.Parse(text), iterations, saltBytes, hashBytes) is { } weak)
            return Finding.Broken($"A password hashed now has {weak}.", seen);
        if (!IndependentlyRight(text, password))
            return Finding.Broken("A password hashed now doesn't agree with PBKDF2 computed block by block from HMAC (RFC 8018, section 5.2).", seen);
        if (text.Split('$')[3] == hasher.Hash(password).Split('$')[3])
            return Finding.Broken("Two hashes of one password have the same salt.", seen);
        if (Weakness(options.Decoy, iterations, saltBytes, hashBytes) is { } lighter)
            return Finding.Broken($"An address without an account is verified against a hash with {lighter}: its timing tells that it has none.", seen);
        if (hasher.Verify(password, null) != PasswordVerdict.Wrong || hasher.Verify(password, text) == PasswordVerdict.Wrong || hasher.Verify(password + "x", text) != PasswordVerdict.Wrong)
            return Finding.Broken("A right password is refused, or a wrong one accepted.", seen);

        if (await UnequalAsync(context, iterations, seen, cancellationToken) is { } told)
            return Finding.Broken(told, seen);

        await using var session = database.Platform(Actor.System("identity"));
        var stored = await session.ListAsync("select password from identity.users order by password_set_at desc limit $1", [MostRead], row => row.GetString(0), cancellationToken);
        seen["stored"] = stored.Count;
        foreach (var hash in stored)
            if (Weakness(PasswordHash.Parse(hash), iterations, saltBytes, hashBytes) is { } short_)
                return Finding.Broken($"A stored password hash has {short_}.", seen);
        return Finding.Held($"{stored.Count} stored hashes and those made now have {iterations.ToString("N0", CultureInfo.InvariantCulture)} iterations and {saltBytes} bytes of salt; an independent computation agrees, and unknown addresses cost the same work.", seen);
    }

    /// <summary>Signs in with an address that nobody has: within this process, where the work is counted, and over the network, where it must take its time.</summary>
    private async Task<string?> UnequalAsync(CheckContext context, int iterations, JsonObject seen, CancellationToken cancellationToken)
    {
        using (var work = PasswordWork.Measure())
        {
            await signIn.AttemptAsync(Nobody(), "not the password", null, IPAddress.Loopback, DeviceTokens.None, cancellationToken);
            seen["unknown-address-iterations"] = work.Iterations;
            if (work.Iterations < iterations)
                return $"Signing in with an unknown address costs {work.Iterations} iterations, where {iterations} are promised for a known one: its timing tells that it has no account.";
        }

        // One pair says nothing on a busy machine, where the hash may have waited and the answer not: an early answer is early each time.
        var (hash, early) = (TimeSpan.MaxValue, TimeSpan.Zero);
        for (var pair = 0; pair < Pairs; pair++)
        {
            hash = Shorter(hash, TakeTime(() => hasher.Hash("not the password")));
            if (await AnsweredAfterAsync(context, cancellationToken) is not { } took || took >= hash / 2)
                return context.Target.Https.IsLoopback ? await alike.LookAsync(context.Target, hash, cancellationToken) : null;
            early = took;
        }

        return $"Signing in with an unknown address is answered in {early.TotalMilliseconds:F0} ms, where a hash takes {hash.TotalMilliseconds:F0} ms: its timing tells that it has no account.";
    }

    private TimeSpan TakeTime(Action work)
    {
        var began = time.GetTimestamp();
        work();
        return time.GetElapsedTime(began);
    }

    /// <returns>How long an unknown address waits for its refusal over the network; null where the answer is another.</returns>
    private async Task<TimeSpan?> AnsweredAfterAsync(CheckContext context, CancellationToken cancellationToken)
    {
        using var client = new OutsideClient(context.Target);
        var body = new JsonObject { ["email"] = Nobody(), ["password"] = "not the password" };
        var asked = time.GetTimestamp();
        var answer = await client.SendAsync(HttpMethod.Post, new Uri("/api/auth/sign-in", UriKind.Relative), null, body, cancellationToken);
        return answer.Status == HttpStatusCode.Unauthorized ? time.GetElapsedTime(asked) : null;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Nobody() => $"nobody-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}@vouchsafe.example";

    private static string? Weakness(PasswordHash hash, int iterations, int saltBytes, int hashBytes) =>
        hash.Iterations < iterations ? $"{hash.Iterations} iterations, where {iterations} are promised"
        : hash.SaltBytes < saltBytes ? $"{hash.SaltBytes} bytes of salt, where {saltBytes} are promised"
        : hash.HashBytes < hashBytes ? $"{hash.HashBytes} bytes, where {hashBytes} are promised"
        : null;

    /// <summary>The derivation written out from HMAC, sharing nothing with the one under test.</summary>
    private static bool IndependentlyRight(string text, string password)
    {
        var parts = text.Split('$');
        var rounds = int.Parse(parts[2][2..], CultureInfo.InvariantCulture);
        var (salt, hash) = (Decode(parts[3]), Decode(parts[4]));
        var key = Encoding.UTF8.GetBytes(password);
        var derived = new List<byte>();
        for (var block = 1; derived.Count < hash.Length; block++)
        {
            var u = HMACSHA256.HashData(key, (byte[])[.. salt, (byte)(block >> 24), (byte)(block >> 16), (byte)(block >> 8), (byte)block]);
            var t = (byte[])u.Clone();
            for (var round = 1; round < rounds; round++)
            {
                HMACSHA256.HashData(key, u, u);
                for (var i = 0; i < t.Length; i++)
                    t[i] ^= u[i];
            }

            derived.AddRange(t);
        }

        return derived.Take(hash.Length).SequenceEqual(hash);
    }

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}

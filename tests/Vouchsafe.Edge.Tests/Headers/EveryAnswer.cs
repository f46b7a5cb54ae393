using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Bounds;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Edge.Tests.Running;
using Xunit;

namespace Vouchsafe.Edge.Tests.Headers;

/// <summary>Answers that no check can draw out of a sound server from outside, and how malformed requests are answered.</summary>
public sealed class EveryAnswer(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Paths() => new()
    {
        { "/fails", 500, "1.1" }, { "/demoted", 403, "2.0" }, { "/fails", 500, "2.0" }, { "/nowhere", 404, "2.0" }, { "/own-headers", 200, "1.1" },
        { "/api/auth/sign-in", 405, "2.0" }, { "/healthz/live", 200, "2.0" },
    };

    [Theory, MemberData(nameof(Paths))]
    public async Task Carries_the_headers_and_tells_nothing(string path, int status, string version)
    {
        using var client = nodes.One.Client(Version.Parse(version));
        using var response = await client.GetAsync(new Uri(nodes.One.Https, path), Stop);
        var seen = await RawAnswer.OfAsync(path, response, Stop);
        Assert.Equal(status, seen.Status);
        Assert.Null(HeadersCheck.Fault(seen, HeaderOptions.From(nodes.Posture).All));
        Assert.NotNull(seen.Only("strict-transport-security"));
        Assert.DoesNotContain("secret", seen.Body, StringComparison.Ordinal);
        if (status >= 400) Assert.Equal(status, JsonDocument.Parse(seen.Body).RootElement.GetProperty("status").GetInt32());
    }

    [Theory, InlineData("/fails-late"), InlineData("/fails-last")]
    public async Task An_answer_that_would_go_without_headers_does_not_go(string path)
    {
        using var client = nodes.One.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(nodes.One.Https, path), Stop));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(nodes.One.Https, "/healthz/live"), Stop)).StatusCode);
    }

    public static TheoryData<string, string, int> Malformed() => new()
    {
        { "no request line", "GARBAGE\r\n\r\n", 400 },
        { "no Host", "GET / HTTP/1.1\r\n\r\n", 400 },
        { "two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400 },
        { "foreign Host", "GET / HTTP/1.1\r\nHost: elsewhere.invalid\r\nConnection: close\r\n\r\n", 400 },
        { "long line", $"GET /{new string('a', RequestBounds.RequestLine)} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414 },
        { "long header", $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', RequestBounds.Headers)}\r\n\r\n", 431 },
        { "many headers", $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, RequestBounds.HeaderCount + 1).Select(at => $"X-{at}: 1\r\n"))}\r\n", 431 },
        { "unknown version", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505 },
        { "length below zero", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400 },
        { "two lengths", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400 },
        { "length and chunks", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello", 400 },
        { "bad chunk", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400 },
        { "body too large", $"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {RequestBounds.Body + 1}\r\n\r\n", 413 },
        { "null in the path", "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "bare line feed in a header", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", 400 },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_request_gets_its_error_with_the_headers(string what, string request, int status)
    {
        var outsider = new Outsider(new CheckTarget(nodes.One.Https, null, [], AcceptAnyCertificate: true));
        var seen = await RawAnswer.OfRawAsync(what, outsider, nodes.One.Https, request, Stop);
        Assert.Equal(status, seen.Status);
        Assert.Null(HeadersCheck.Fault(seen, HeaderOptions.From(nodes.Posture).All));
        Assert.NotNull(seen.Only("strict-transport-security"));
    }

    [Fact]
    public async Task Garbage_after_a_good_request_gets_the_headers_too()
    {
        var outsider = new Outsider(new CheckTarget(nodes.One.Https, null, [], AcceptAnyCertificate: true));
        await using var stream = await outsider.SecureAsync(nodes.One.Https, Stop, System.Net.Security.SslApplicationProtocol.Http11);
        await stream.WriteAsync("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\nGARBAGE\r\n\r\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answers = await reader.ReadToEndAsync(Stop);
        Assert.Contains("HTTP/1.1 200 OK", answers, StringComparison.Ordinal);
        var second = answers.IndexOf("HTTP/1.1 400", StringComparison.Ordinal);
        Assert.True(second > 0, answers);
        Assert.Null(HeadersCheck.Fault(RawAnswer.Parse("second", answers[second..]), HeaderOptions.From(nodes.Posture).All));
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_refused_in_chunks_too()
    {
        using var client = nodes.One.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(nodes.One.Https, "/echo"))
        {
            Content = new StreamContent(new MemoryStream(new byte[64])) { Headers = { ContentLength = null } },
        };
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, Stop)).StatusCode);
        var outsider = new Outsider(new CheckTarget(nodes.One.Https, null, [], AcceptAnyCertificate: true));
        var large = new StringBuilder("POST /api/auth/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        large.Append("FFFFFFFF\r\n");
        var seen = await RawAnswer.OfRawAsync("chunks", outsider, nodes.One.Https, large.ToString(), Stop);
        Assert.InRange(seen.Status, 400, 499);
    }

    /// <summary>By frames of our own: a client that has read the server's settings refuses to send so much.</summary>
    [Fact]
    public async Task Oversized_headers_over_HTTP_2_are_refused_with_the_headers_or_without_an_answer()
    {
        foreach (var size in new[] { 1, RequestBounds.Headers / 4 })
        {
            var outsider = new Outsider(new CheckTarget(nodes.One.Https, null, [], AcceptAnyCertificate: true));
            await using var stream = await outsider.SecureAsync(nodes.One.Https, Stop, SslApplicationProtocol.Http2);
            Assert.Equal(SslApplicationProtocol.Http2, stream.NegotiatedApplicationProtocol);
            var frames = await Http2Frames.ExchangeAsync(stream, nodes.One.Https.Authority, [.. Enumerable.Range(0, 5).Select(at => ($"x-filler-{at}", new string('a', size)))], Stop);
            var answers = frames.Where(frame => frame.Type == Http2Frames.Headers).Select(frame => Http2Frames.Fields(frame.Payload)).ToList();
            // What is of an ordinary size is answered: the frames are right.
            if (size == 1) Assert.Single(answers);
            foreach (var answer in answers)
            {
                Assert.InRange(int.Parse(Assert.Single(answer, field => field.Name == ":status").Value, CultureInfo.InvariantCulture), size == 1 ? 200 : 400, size == 1 ? 399 : 499);
                Assert.All(HeaderOptions.From(nodes.Posture).All, header =>
                    Assert.Equal(header.Value, Assert.Single(answer, field => field.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase)).Value));
            }
        }
    }

    [Fact]
    public async Task A_refusal_of_a_limit_is_a_problem_with_a_time()
    {
        using var client = nodes.One.Client(source: IPAddress.Parse("127.200.1.1"));
        HttpResponseMessage last;
        var asked = 0;
        do last = await client.PostAsync(new Uri(nodes.One.Https, "/api/auth/sign-in"), new StringContent("{}"), Stop);
        while (last.StatusCode == HttpStatusCode.Unauthorized && ++asked < 20);
        Assert.Equal(6, asked);
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var problem = JsonDocument.Parse(await last.Content.ReadAsStringAsync(Stop));
        Assert.Equal("https://vouchsafe.dev/problems/too-many-requests", problem.RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public void A_policy_with_an_unsafe_source_cannot_be_promised()
    {
        var sound = HeaderOptions.From(nodes.Posture);
        foreach (var policy in new[] { "", "script-src 'self'", "default-src 'self' 'unsafe-inline'", "default-src 'self'; style-src 'Unsafe-Inline'", "default-src *", "default-src 'self'; script-src data:", "default-src 'self'; default-src *", "default-src 'self'\r\nX: y" })
            Assert.Throws<InvalidOperationException>(() => (sound with { ContentSecurityPolicy = policy }).Checked());
        Assert.Same(sound, sound.Checked());
    }
}

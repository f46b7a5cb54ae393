using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Documents;
using Vouchsafe.Transparency.Checkpoints;
using Xunit;

namespace Vouchsafe.Claims.Tests.Evidence;

/// <summary>The worked examples of docs/formats/evidence.md.</summary>
public sealed class EvidenceDocumentation
{
    private readonly WorkedExample example = WorkedExample.Of("docs/formats/evidence.md");

    [Fact]
    public void The_signed_document_opens_and_signs_to_the_same_bytes()
    {
        var text = Assert.Single(example.Blocks("signed"));
        var key = new Ed25519SigningKey([.. Enumerable.Range(0, 32).Select(number => (byte)number)]);
        Assert.NotNull(SignedDocument.Open(Encoding.UTF8.GetBytes(text), "example.org/greeting/v1", key.PublicKey, out _));
        var again = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(JsonNode.Parse(text)!.ToJsonString(), SignedDocument.Sign(again, key).ToJsonString());
    }

    [Fact]
    public void The_message_is_what_is_signed()
    {
        var document = JsonNode.Parse(Assert.Single(example.Blocks("signed")))!.AsObject();
        var signature = Convert.FromBase64String(document["signature"]!["value"]!.GetValue<string>());
        var publicKey = Convert.FromBase64String(document["signature"]!["publicKey"]!.GetValue<string>());
        Assert.True(Ed25519.Verify(publicKey, Encoding.UTF8.GetBytes(Assert.Single(example.Blocks("message"))), signature));
    }

    [Fact]
    public void The_evidence_verifies_and_says_what_the_text_says()
    {
        var text = Assert.Single(example.Blocks("evidence"));
        var key = NoteVerifier.Parse(JsonNode.Parse(text)!["key"]!.GetValue<string>());
        var evidence = EvidenceDocument.Verify(Encoding.UTF8.GetBytes(text), key, out var fault);
        Assert.Empty(fault);
        Assert.Equal(("check.ran", 1L, 2L), (evidence!.Event, evidence.Index, evidence.Size));
        Assert.Equal(("transport.hsts", "verified"), (evidence.Fields["control"], evidence.Fields["verdict"]));
    }

    /// <summary>Every letter of a value, a salt, a hash, the index or the checkpoint counts.</summary>
    [Fact]
    public void Altered_in_any_letter_that_counts_it_does_not_verify()
    {
        var text = Assert.Single(example.Blocks("evidence"));
        var key = NoteVerifier.Parse(JsonNode.Parse(text)!["key"]!.GetValue<string>());
        var original = Said(text, key)!;
        for (var at = 0; at < text.Length; at++)
        {
            var altered = text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
            if (altered != text && Said(altered, key) is { } said) Assert.Equal(original, said);
        }

        static string? Said(string text, NoteVerifier key) =>
            EvidenceDocument.Verify(Encoding.UTF8.GetBytes(text), key, out _) is { } evidence
                ? $"{evidence.Event} {evidence.At:O} {evidence.Index} {evidence.Size} {string.Join(' ', evidence.Fields)}" : null;
    }
}

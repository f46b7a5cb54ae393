using System.Text.Json;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Seals messages at rest under the cell's key of purpose <c>mail-outbox</c>, bound to their row.</summary>
internal sealed class MessageSeal(KeyRing keys)
{
    private const string Purpose = "mail-outbox";
    private const string Format = "vouchsafe/mail/v1";

    public byte[] Protect(Guid id, MailMessage message) =>
        Seal.Protect(keys.Derive(Purpose), JsonSerializer.SerializeToUtf8Bytes(message), Binding(id));

    /// <summary>The message, or null where the row holds none that this cell wrote there.</summary>
    public MailMessage? Open(Guid id, byte[] value)
    {
        try
        {
            return JsonSerializer.Deserialize<MailMessage>(Seal.Open(keys.Derive(Purpose), value, Binding(id)));
        }
        catch (Exception foreign) when (foreign is SealException or JsonException)
        {
            return null;
        }
    }

    private static AssociatedData Binding(Guid id) => new AssociatedData(Format).Add(id);
}

using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Keys;

/// <summary>Seals the framework's own keys (data protection) under the cell's root key, so that none lies open in the key store.</summary>
internal sealed class SealedXml(KeyRing keys) : IXmlEncryptor, IConfigureOptions<KeyManagementOptions>
{
    private const string Purpose = "framework-keys";
    private const string Format = "vouchsafe/framework-key/v1";

    public void Configure(KeyManagementOptions options) => options.XmlEncryptor = this;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        using var content = new MemoryStream();
        plaintextElement.Save(content, SaveOptions.DisableFormatting);
        var value = Seal.Protect(keys.Derive(Purpose), content.ToArray(), new AssociatedData(Format));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(value)), typeof(Opener));
    }

    /// <summary>Made by the framework, from the type's name in the file.</summary>
    internal sealed class Opener(IServiceProvider services) : IXmlDecryptor
    {
        /// <exception cref="SealException">Altered, or sealed under another root key.</exception>
        public XElement Decrypt(XElement encryptedElement)
        {
            var value = Convert.FromBase64String(encryptedElement.Value);
            using var content = new MemoryStream(Seal.Open(services.GetRequiredService<KeyRing>().Derive(Purpose), value, new AssociatedData(Format)));
            return XElement.Load(content);
        }
    }
}

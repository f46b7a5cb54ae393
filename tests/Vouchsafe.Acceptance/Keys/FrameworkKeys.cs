using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Keys;
using Xunit;

namespace Vouchsafe.Acceptance.Keys;

/// <summary>What the framework keeps for itself lies sealed, and every node opens it.</summary>
public sealed class FrameworkKeys : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-framework-keys-").FullName;

    [Fact]
    public void Lie_sealed_and_open_on_another_node()
    {
        using var one = Node();
        var value = one.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("content");
        var file = File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(folder, "forms"))));
        Assert.Contains("<sealed", file, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", file, StringComparison.Ordinal);
        using var other = Node();
        Assert.Equal("content", other.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(value));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ServiceProvider Node()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new KeyRing(new FolderKeyStore(Path.Combine(folder, "keys")), TimeProvider.System));
        services.AddDataProtection().SetApplicationName("vouchsafe").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(folder, "forms")));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new SealedXml(provider.GetRequiredService<KeyRing>()));
        return services.BuildServiceProvider();
    }
}

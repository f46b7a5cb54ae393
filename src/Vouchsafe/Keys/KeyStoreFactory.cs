using Microsoft.Extensions.Configuration;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Keys;

/// <summary>Opens the key store. In a migrating process it is prepared before anybody gets it: services derive keys as soon as they are made.</summary>
internal static class KeyStoreFactory
{
    public static IRootKeyStore Open(string folder, IConfiguration configuration, DatabaseOptions database)
    {
        var store = new FolderKeyStore(folder, createRoot: false);
        if (!configuration.GetValue<bool>("Vouchsafe:Migrate")) return store;
        try
        {
            // A container's factory can't wait, and a process that migrates does nothing else meanwhile.
            KeyGuard.PrepareAsync(store, database.Owner, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (KeyStoreException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Environment.Exit(1);
        }
        return store;
    }
}

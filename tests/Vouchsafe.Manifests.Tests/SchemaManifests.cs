using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests;

/// <summary>What each module's migrations make, module by module, as it was signed off.</summary>
public sealed class SchemaManifests
{
    private const string Command = "VOUCHSAFE_WRITE_MANIFEST=1 ./test Manifests";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_module_makes_what_its_manifest_says()
    {
        await using var database = await TestDatabase.MakeEmptyAsync();
        var before = SchemaManifest.Empty;
        foreach (var (folder, _) in Modules.All)
        {
            var sources = Modules.All.Take(Array.FindIndex(Modules.All, module => module.Folder == folder) + 1).Select(module => module.Source);
            await new Migrator(sources, database.Keys, TimeProvider.System).RunAsync(database.Owner, Stop);
            var after = await SchemaManifest.ReadAsync(database.Owner, ["plpgsql"], Stop);
            ManifestFile.Hold(Path.Combine(Root(), folder, "Migrations", SchemaManifest.FileName), after.Since(before), Command);
            before = after;
        }
    }

    [Fact]
    public void No_module_is_forgotten()
    {
        var folders = Directory.EnumerateDirectories(Root(), "Migrations", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(folder => Directory.EnumerateFiles(folder, "???_*.sql").Any())
            .Select(folder => Path.GetRelativePath(Root(), Path.GetDirectoryName(folder)!)).Where(folder => !folder.Split('/').Any(part => part is "bin" or "obj"));
        Assert.Empty(folders.Except(Modules.All.Select(module => module.Folder)));
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx"))) folder = folder.Parent;
        return folder!.FullName;
    }
}

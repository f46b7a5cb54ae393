using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Acceptance.Sabotage;
using Xunit;

[assembly: AssemblyFixture(typeof(SeenRed))]

namespace Vouchsafe.Acceptance.Claims;

/// <summary>
/// What this run saw turn red. With VOUCHSAFE_WRITE_SUITE=1 it goes into src/Vouchsafe.Assurance/Seen/suite.json, which the product shows as
/// "last seen to turn red": a control enters only if each of its sabotages was seen.
/// </summary>
public sealed class SeenRed : IDisposable
{
    private static readonly ConcurrentDictionary<(string Control, string Sabotage), bool> Seen = new();
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Note(string control, string sabotage) => Seen[(control, sabotage)] = true;

    /// <summary>The record, as it is kept in the repository.</summary>
    internal static JsonObject Record() => JsonNode.Parse(File.ReadAllText(RecordFile()))!.AsObject();

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_WRITE_SUITE") != "1") return;
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var record = new JsonObject();
        foreach (var control in Sabotages.Controls.Order(StringComparer.Ordinal))
        {
            var names = Sabotages.Of(control).Select(sabotage => sabotage.Name).ToList();
            if (names.TrueForAll(name => Seen.ContainsKey((control, name))))
                record[control] = new JsonObject { ["day"] = day, ["sabotages"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };
        }
        File.WriteAllText(RecordFile(), record.ToJsonString(Indented) + "\n");
    }

    private static string RecordFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return Path.Combine(folder.FullName, "src", "Vouchsafe.Assurance", "Seen", "suite.json");
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }
}

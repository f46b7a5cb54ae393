using System.Text;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Postures;

/// <summary>The README's table of every claim, generated from the postures and the catalogue, so that it can't say more than is built.</summary>
internal static class StatusTable
{
    public static string Render(IEnumerable<Posture> postures)
    {
        var text = new StringBuilder();
        foreach (var posture in postures)
        {
            var claims = posture.Claims.Where(claim => claim.Withdrawn is null).ToList();
            text.Append($"\n### {posture.Company.Product} (`postures/{posture.Name}.yaml`): {claims.Count(IsBuilt)} of {claims.Count} built and sabotaged\n\n| claim | state | promise |\n|---|---|---|\n");
            foreach (var claim in claims)
                text.Append($"| {claim.Id} | {State(claim)} | {claim.Text("en")} |\n");
        }

        return text.ToString();
    }

    private static string State(ClaimDefinition claim) =>
        IsBuilt(claim) ? "**built**" : claim.Controls.Any(IsBuilt) ? "partly built" : "planned";

    private static bool IsBuilt(ClaimDefinition claim) => claim.Controls.All(IsBuilt);

    private static bool IsBuilt(string control) => ControlCatalogue.Find(control)?.Stage == Stage.Built;
}

using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Sightings;

/// <summary>The claims in force as they stand at a moment.</summary>
public sealed class ClaimBoard
{
    private readonly Posture posture;
    private readonly SightingStore sightings;

    internal ClaimBoard(Posture posture, SightingStore sightings) => (this.posture, this.sightings) = (posture, sightings);

    public async Task<IReadOnlyList<ClaimState>> StatesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = await sightings.AllAsync(cancellationToken);
        return [.. posture.Claims.Where(claim => claim.Withdrawn is null).Select(claim => ClaimState.Of(claim, control => seen.GetValueOrDefault(control), now))];
    }
}

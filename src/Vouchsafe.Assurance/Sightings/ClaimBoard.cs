using Vouchsafe.Assurance.Results;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Sightings;

/// <summary>The claims in force as they stand at a moment, by what the operator's log says.</summary>
public sealed class ClaimBoard
{
    private readonly Posture posture;
    private readonly ResultLog results;

    internal ClaimBoard(Posture posture, ResultLog results) => (this.posture, this.results) = (posture, results);

    /// <param name="now">The moment; where the log's own clock is further, that one counts.</param>
    public async Task<IReadOnlyList<ClaimState>> StatesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        States(await results.ReadAsync(sequence: false, cancellationToken), now);

    /// <summary>The claims in force, and what became of the others.</summary>
    /// <inheritdoc cref="StatesAsync"/>
    public async Task<(IReadOnlyList<ClaimState> States, ClaimHistory History)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await results.ReadAsync(sequence: false, cancellationToken);
        return (States(known, now), History(known));
    }

    internal ClaimHistory History(ResultSnapshot known)
    {
        var withdrawn = new Dictionary<string, RecordedChange>(StringComparer.Ordinal);
        var deleted = new List<DeletedClaim>();
        foreach (var adoption in known.Adoptions)
        {
            var recorded = new RecordedChange(adoption.Entry.At, adoption.Entry.Id);
            foreach (var id in adoption.Withdrawn) withdrawn.TryAdd(id, recorded);
            deleted.AddRange(adoption.Deleted.Where(claim => posture.Claim(claim.Id) is null && deleted.TrueForAll(other => other.Id != claim.Id))
                .Select(claim => new DeletedClaim(claim.Id, claim.Text, recorded)));
        }
        return new ClaimHistory(withdrawn, deleted);
    }

    internal IReadOnlyList<ClaimState> States(ResultSnapshot known, DateTimeOffset now)
    {
        var at = known.Now > now ? known.Now : now;
        return [.. posture.Claims.Where(claim => claim.Withdrawn is null).Select(claim => ClaimState.Of(claim, control => known.Results.GetValueOrDefault(control), at))];
    }
}

namespace Vouchsafe.Audit.Receipts;

/// <summary>How the trail stands as this node sees it, without asking the database.</summary>
public sealed class TrailHealth
{
    private readonly Reconciler _reconciler;

    internal TrailHealth(Reconciler reconciler) => _reconciler = reconciler;

    /// <summary>What the node saw last; null where it hasn't looked lately.</summary>
    public NodeTrail? Last => _reconciler.Last;
}

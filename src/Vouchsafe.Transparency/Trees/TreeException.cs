namespace Vouchsafe.Transparency.Trees;

/// <summary>Stored tiles don't make up the tree that the head names: a tile is missing, short or altered.</summary>
public sealed class TreeException(string message) : Exception(message);

namespace Vouchsafe.Postgres.Sealing;

/// <summary>The keys with which tenant contexts are sealed: derived from the root key by their id, held nowhere else but in the database's key table.</summary>
public interface IContextKeys
{
    /// <summary>The key of an id, 32 bytes; the same for the same id on every node.</summary>
    byte[] Derive(short id);
}

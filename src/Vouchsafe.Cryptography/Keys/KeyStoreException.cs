namespace Vouchsafe.Cryptography.Keys;

/// <summary>The key store can't be read or written, or holds what it didn't write. Carries paths, never key bytes.</summary>
public sealed class KeyStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The key was destroyed: what was sealed under it is erased, and nothing can be sealed under it again.</summary>
public sealed class KeyDestroyedException(KeyName name) : Exception($"The key of {name} was destroyed.")
{
    public KeyName Name { get; } = name;
}

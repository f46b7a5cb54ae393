namespace Vouchsafe.Cryptography.Keys;

/// <summary>The outcome of asking for a key.</summary>
/// <param name="Name">The key that was asked for.</param>
/// <param name="State">Present, destroyed, or (when nothing was to be created) absent.</param>
/// <param name="Key">The key where it is present; else null.</param>
public readonly record struct KeyLookup(KeyName Name, KeyState State, SecretKey? Key)
{
    public bool IsDestroyed => State == KeyState.Destroyed;

    /// <exception cref="KeyDestroyedException">It was destroyed.</exception>
    /// <exception cref="InvalidOperationException">There never was one, and none was to be created.</exception>
    public SecretKey Required => Key ?? throw (IsDestroyed
        ? new KeyDestroyedException(Name)
        : new InvalidOperationException($"There is no key of {Name}."));
}

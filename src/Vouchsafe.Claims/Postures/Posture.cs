namespace Vouchsafe.Claims.Postures;

/// <summary>The claims a company makes, with their figures. Immutable; every figure was checked against the catalogue when it was read.</summary>
public sealed class Posture
{
    /// <summary>The figures of a control: from the claims that name it, else from the settings, else from the baseline.</summary>
    /// <exception cref="KeyNotFoundException">The control is not in the catalogue, or is planned and has no figures.</exception>
    public Figures Figures(string control) => throw new NotImplementedException();
}

/// <summary>The figures of one control, typed as the catalogue says.</summary>
public sealed class Figures
{
    public long Integer(string name) => throw new NotImplementedException();

    public TimeSpan Duration(string name) => throw new NotImplementedException();

    public bool Flag(string name) => throw new NotImplementedException();

    public string Choice(string name) => throw new NotImplementedException();

    public IReadOnlyList<string> Choices(string name) => throw new NotImplementedException();

    public string Text(string name) => throw new NotImplementedException();
}

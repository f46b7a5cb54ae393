namespace Vouchsafe.Cli;

/// <summary>How every command ends.</summary>
internal static class ExitCode
{
    /// <summary>What was asked holds.</summary>
    public const int Good = 0;

    /// <summary>It was looked at, and doesn't hold.</summary>
    public const int Bad = 1;

    /// <summary>It couldn't be looked at.</summary>
    public const int Unable = 2;
}

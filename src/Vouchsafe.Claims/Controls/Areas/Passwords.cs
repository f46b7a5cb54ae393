using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Passwords
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("passwords.pbkdf2", "Stored password hashes are PBKDF2 (RFC 8018) with these parameters, and comparing them takes the same time whatever the outcome.",
            new ChoiceFigure("algorithm", ["hmac-sha256"], "The pseudo-random function."),
            new IntegerFigure("iterations", 100_000, 10_000_000, "Iterations."),
            new IntegerFigure("salt-bytes", 32, 64, "Bytes of random salt, of its own for each user."),
            new IntegerFigure("hash-bytes", 32, 64, "Bytes of the derived key.")),
        Planned("passwords.bcrypt", "Stored password hashes are bcrypt of this cost.",
            new IntegerFigure("cost", 12, 16, "The cost: two to this power of rounds.")),
        Planned("passwords.argon2id", "Stored password hashes are Argon2id (RFC 9106) with these parameters.",
            new IntegerFigure("memory-kib", 19_456, 1_048_576, "Memory in KiB."),
            new IntegerFigure("passes", 1, 10, "Passes over the memory."),
            new IntegerFigure("lanes", 1, 16, "Lanes."))
            .Where(argon => argon.Integer("memory-kib") * argon.Integer("passes") >= 38_912 ? null : "memory-kib times passes must reach 38912 (19 MiB in two passes)"),
        Planned("passwords.rules", "Weak passwords are refused with the reason.",
            new IntegerFigure("least-characters", 8, 64, "The shortest password that is accepted."),
            new FlagFigure("complexity", "Whether several kinds of character are asked for."),
            new FlagFigure("breached-refused", "Whether passwords known from breaches are refused.")),
    ];
}

using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Postgres.Linting.Trees;

/// <summary>The fact of a manifest that holds an object's stored expressions: <c>15:9f86…</c>, the major version and a SHA-256 of the normalised trees.</summary>
internal static class TreeHash
{
    internal const string Fact = "tree";

    internal static string Of(int major, string normalised) => $"{major}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalised)))}";

    /// <summary>Whether two hashes are of one major version: each has its own text of trees.</summary>
    internal static bool AreComparable(string one, string other) => one.Split(':')[0] == other.Split(':')[0];
}

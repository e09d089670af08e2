using System.Security.Cryptography;
using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Campaigns;

/// <summary>Something that a seed found, with what it has in common with the same finding of another seed.</summary>
/// <param name="Specification">The promise that broke, or the expectation that failed.</param>
/// <param name="Shape">What is left when all that differs from seed to seed is taken away: findings with the same are one.</param>
/// <param name="Text">What happened with this seed, for people.</param>
public sealed record SeedFinding(string Specification, string Shape, string Text)
{
    /// <summary>Turns of the shortest execution known to show it; 0 when nobody has shrunk it.</summary>
    public int ShrunkTurns { get; init; }

    /// <summary>The schedule that shows it, as it was found; "" where the seed alone does.</summary>
    public string Schedule { get; init; } = "";

    /// <summary>The same, shrunk; "" when nobody has.</summary>
    public string ShrunkSchedule { get; init; } = "";

    /// <summary>What names the group on every node: 16 hexadecimal digits of specification and shape.</summary>
    public string Key
    {
        get
        {
            ByteWriter bytes = new();
            bytes.Text(Specification);
            bytes.Text(Shape);
            return Convert.ToHexStringLower(SHA256.HashData(bytes.Written))[..16];
        }
    }
}

using ActorVmm.Specifications;
using ActorVmm.Specifications.Judging;

namespace ActorVmm.Kernel.Tests.Bench;

/// <summary>Situations that specifications watch for, and where they can occur.</summary>
internal static class Situations
{
    private static readonly HashSet<string> _elsewhere =
    [
        .. new Specification[]
        {
            new AJobStaysWithinItsLimit(), new APoolStaysWithinItsLimit(), new ASharedPageStaysWhileItIsShared(), new EveryPacketIsCompletedOnce(),
            new NoPacketLeavesAStackTwice(), new EveryLockedPageIsUnlocked(),
        }.SelectMany(specification => specification.Situations).Select(situation => situation.Name),
        "a section ended", "a page was locked and trimmed during a write-back (R18)",
    ];

    /// <summary>Whether programs without sections, jobs, pools, devices and file I/O, as most random ones are, never meet it; it has tests of its own.</summary>
    /// <param name="name">The situation's name, with or without that of its specification before it.</param>
    public static bool IsOfSharersOrDevices(string name) => _elsewhere.Contains(name[(name.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..]);
}

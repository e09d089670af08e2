using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The real kernel with one of its rules taken out, and a stock scenario in which it is missed.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="Name">As after <c>--without</c>.</param>
/// <param name="Source">Its number in the fact book, §17.</param>
/// <param name="Scenario">Name of the stock scenario in which the portfolio finds it.</param>
public sealed record KernelVariant(KernelRule Rule, string Name, string Source, string Scenario)
{
    /// <summary>What the rule says.</summary>
    public required string Says { get; init; }

    /// <summary>What happens without it.</summary>
    public required string Without { get; init; }

    /// <summary>Which promise breaks first, by its name, or the bug check that a turn ends in.</summary>
    public required string Breaks { get; init; }

    /// <summary>How often timers may fire in one execution.</summary>
    public required int Timers { get; init; }

    /// <summary>Schedules within which the portfolio finds it with seed 1.</summary>
    public required long FoundWithin { get; init; }

    /// <summary>What shows it: to be pasted behind <c>actorvmm</c>.</summary>
    public string Command => FormattableString.Invariant($"explore {Scenario} --without {Name} --timers {Timers} --schedules {FoundWithin} --stop-on-first");
}

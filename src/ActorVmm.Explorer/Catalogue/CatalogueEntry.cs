using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>One race of the catalogue: a model of it, where it was met, and what Windows does about it.</summary>
/// <param name="Number">Its number in the catalogue, from 1.</param>
/// <param name="Model">The little program that has the race, and without it when repaired.</param>
public sealed record CatalogueEntry(int Number, RaceModel Model)
{
    /// <summary>As after <c>race:</c>.</summary>
    public string Name => Model.Name;

    /// <summary>Where the race was met: a commit, an advisory, an issue, or the rule that forbids it.</summary>
    public required string Source { get; init; }

    /// <summary>Who takes part, by the names of the transcript.</summary>
    public required string Actors { get; init; }

    /// <summary>What Windows does about it (the fact book's sections are named).</summary>
    public required string InWindows { get; init; }

    /// <summary>
    /// What is known of the repaired variant with the usual parameters. Some executions break the promise only where
    /// <see cref="Limits"/> says why.
    /// </summary>
    public required IReadOnlyList<KnownCount> Repaired { get; init; }

    /// <summary>In which delivery models the repair is not enough, and why; empty when it is enough in all.</summary>
    public string Limits { get; init; } = "";

    /// <summary>Schedules within which the portfolio finds it with usual settings and seed 1.</summary>
    public required int FoundWithin { get; init; }

    /// <summary>The rule of the real kernel that excludes this race; none where the kernel does not contain what it is about, so that only a model shows it.</summary>
    public KernelRule Rule { get; init; }

    /// <summary>The real kernel without that rule, or null.</summary>
    public KernelVariant? Kernel => KernelVariants.Of(Rule);

    /// <summary>The model with its usual parameters, ready to be explored.</summary>
    public ModelSubject Subject(bool isFixed) => new(ModelSettings.Parse(Model, isFixed, []));
}

using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>Executions of a part by how they ended.</summary>
/// <param name="Schedules">All of them.</param>
/// <param name="Complete">Those that came to an end of their own: the traces.</param>
/// <param name="Violating">Those in which a promise broke.</param>
/// <param name="CutOff">Those that were cut off as redundant.</param>
/// <param name="TooLong">Those that were ended because they were too long.</param>
/// <param name="Turns">The turns of all.</param>
/// <param name="Sum">All traces as one fingerprint; null when they are not summed up.</param>
public sealed record PartCounts(long Schedules, long Complete, long Violating, long CutOff, long TooLong, long Turns, string? Sum)
{
    internal static PartCounts Of(Tally tally) =>
        new(tally.Schedules, tally.Complete, tally.Violating, tally.CutOff, tally.TooLong, tally.Turns, tally.Sum?.ToString());

    internal Tally Restore() => new()
    {
        Schedules = Schedules,
        Complete = Complete,
        Violating = Violating,
        CutOff = CutOff,
        TooLong = TooLong,
        Turns = Turns,
        Sum = Fingerprint.TryParse(Sum, out Fingerprint sum) ? sum : null,
    };
}

namespace ActorVmm.Explorer;

/// <summary>
/// An execution was run twice and was not the same again: somewhere a turn depends on more than its inputs. Nothing that
/// was explored means anything then.
/// </summary>
/// <param name="schedule">Shows one of the two.</param>
/// <param name="difference">What differs, for people.</param>
public sealed class NondeterminismException(Schedule schedule, string difference)
    : Exception($"the same schedule gave two different executions: {difference} (schedule {schedule})")
{
    public Schedule Schedule { get; } = schedule;
}

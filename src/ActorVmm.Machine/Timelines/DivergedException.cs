using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A recorded run, taken again, is not what was recorded: another version of the kernel recorded it, or the journal is not of this
/// run. Everything before the divergence can be looked at.
/// </summary>
public sealed class DivergedException(Divergence divergence, string recordedBy)
    : Exception($"the run taken again is not the recorded one: {divergence} (recorded by {recordedBy})")
{
    public Divergence Divergence { get; } = divergence;
}

using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Metrics;

/// <summary>How often threads were told each status: exceptions that reached them, and calls that were refused.</summary>
public sealed class StatusCounts : IFactListener
{
    private const string Prefix = "STATUS_";

    private readonly Dictionary<NtStatus, long> _exceptions = [];
    private readonly Dictionary<NtStatus, long> _refusals = [];

    /// <summary>Exceptions by the name of their status, without STATUS_: `STACK_OVERFLOW`.</summary>
    public long Exceptions(string name) => CountOf(_exceptions, name);

    /// <summary>Refused calls by the name of their status.</summary>
    public long Refusals(string name) => CountOf(_refusals, name);

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.TryRead(out ExceptionRaised raised))
            {
                Add(_exceptions, raised.Status);
            }
            else if (fact.TryRead(out CallCompleted call) && call.Status >= NtStatus.GuardPageViolation)
            {
                Add(_refusals, call.Status);
            }
        }
    }

    private static void Add(Dictionary<NtStatus, long> counts, NtStatus status) => counts[status] = counts.GetValueOrDefault(status) + 1;

    private static long CountOf(Dictionary<NtStatus, long> counts, string name) =>
        counts.Where(count => string.Equals(StatusNames.NameOf(count.Key), Prefix + name, StringComparison.Ordinal)).Sum(count => count.Value);
}

using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Generators;

/// <summary>A stretch of a program: operations by position, without state.</summary>
public abstract class Phase
{
    /// <summary>Most operations in one program.</summary>
    public const long Longest = 1L << 60;

    /// <summary>How many operations it has, from 0 to <see cref="Longest"/>.</summary>
    public abstract long Length { get; }

    /// <summary>Writes operations from <paramref name="at"/> on and returns how many: at least one, perhaps fewer than fit.</summary>
    /// <param name="at">Position within this phase, less than <see cref="Length"/>.</param>
    /// <param name="noise">The program's seed plus the position in the program: never the same twice in one program.</param>
    /// <param name="operations">Where to write.</param>
    public abstract int Fill(long at, ulong noise, Span<Operation> operations);
}

/// <summary>One memory call.</summary>
public sealed class CallPhase(Operation call) : Phase
{
    public override long Length => 1;

    public override int Fill(long at, ulong noise, Span<Operation> operations)
    {
        operations[0] = call;
        return 1;
    }
}

/// <summary>One pause, drawn from a distribution of ticks.</summary>
public sealed class IdlePhase(Distribution ticks) : Phase
{
    public override long Length => 1;

    public override int Fill(long at, ulong noise, Span<Operation> operations)
    {
        long pause = Math.Clamp(ticks.Sample(Mix.Spread(noise)), 0, (long)Operation.MaxArgument);
        operations[0] = new Operation(OperationKind.Idle, 0, (ulong)pause);
        return 1;
    }
}

/// <summary>Phases one after the other, the whole as often as said.</summary>
public sealed class PhaseList : Phase
{
    private readonly Phase[] _phases;

    /// <summary>Where each phase ends within one round.</summary>
    private readonly long[] _ends;

    private readonly long _round;

    /// <exception cref="OverflowException">More operations than <see cref="Phase.Longest"/>.</exception>
    public PhaseList(IEnumerable<Phase> phases, long times = 1)
    {
        _phases = [.. phases.Where(phase => phase.Length > 0)];
        _ends = new long[_phases.Length];
        for (int i = 0; i < _phases.Length; i++)
        {
            _round = checked(_round + _phases[i].Length);
            _ends[i] = _round;
        }

        Length = checked(_round * times) is <= Longest and long length
            ? length
            : throw new OverflowException("a program has more than 2^60 operations");
    }

    public override long Length { get; }

    public override int Fill(long at, ulong noise, Span<Operation> operations)
    {
        int filled = 0;
        long within = at % _round;
        int index = Array.BinarySearch(_ends, within + 1);
        index = index < 0 ? ~index : index;
        while (filled < operations.Length && at + filled < Length)
        {
            Phase phase = _phases[index];
            long start = _ends[index] - phase.Length;
            int count = phase.Fill(within - start, unchecked(noise + (ulong)filled), operations[filled..]);
            filled += count;
            within += count;
            if (within == _ends[index])
            {
                index++;
                if (index == _phases.Length)
                {
                    index = 0;
                    within = 0;
                }
            }
        }

        return filled;
    }
}

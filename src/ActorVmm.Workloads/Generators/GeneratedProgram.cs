using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Generators;

/// <summary>
/// A thread's program computed from phases: operation i follows from the seed, the process, the thread and i alone. It has no
/// state, and all processes of a kind share the phases, so ten thousand of them cost forty bytes each.
/// </summary>
public sealed class GeneratedProgram : IProgram
{
    private readonly Phase _phases;
    private readonly ulong _seed;

    /// <summary>A thread's program.</summary>
    /// <param name="phases">What it does.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="process">The process's index in the scenario.</param>
    /// <param name="thread">The thread's index in the process.</param>
    public GeneratedProgram(Phase phases, ulong seed, int process, int thread)
    {
        _phases = phases;
        _seed = Mix.Fold(Mix.Fold(seed, (ulong)(uint)process), (ulong)(uint)thread);
    }

    /// <summary>How many operations it has.</summary>
    public long Length => _phases.Length;

    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) =>
        position >= _phases.Length
            ? default
            : scratch[.._phases.Fill(position, unchecked(_seed + (ulong)position), scratch)];
}

using ActorVmm.Protocol;

namespace ActorVmm.Machine;

/// <summary>How much real memory a simulated machine takes, so that one that cannot fit is refused before it is built.</summary>
public static class MachineSize
{
    /// <summary>Most frames of a machine, whatever the memory: one array holds them. 4 TiB.</summary>
    public const uint MostFrames = 1U << 30;

    /// <summary>A row of the PFN database and a content stamp.</summary>
    private const long BytesPerFrame = 64;

    /// <summary>What the specifications know about a frame.</summary>
    private const long BytesPerJudgedFrame = 96;

    /// <summary>Bytes that the machine may come to need, processes apart.</summary>
    public static Int128 BytesNeeded(MachinePlan plan, bool specifications)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Int128 frames = (Int128)plan.Frames * (BytesPerFrame + (specifications ? BytesPerJudgedFrame : 0));
        return frames + (plan.PagingFiles.Aggregate((Int128)0, (sum, file) => sum + file.MaximumPages) / 8);
    }
}

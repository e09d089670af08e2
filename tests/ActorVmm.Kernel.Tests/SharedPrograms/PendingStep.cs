namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>A step of a thread that has not been answered yet, and what is known of it meanwhile.</summary>
internal sealed class PendingStep(SharedStep step)
{
    public SharedStep Step => step;

    /// <summary>Something was mapped or unmapped at its place while it was under way: it found the one or the other.</summary>
    public bool PlaceChanged { get; set; }

    /// <summary>Its page was committed when it began.</summary>
    public bool WasCommitted { get; set; }

    /// <summary>How often a section has carried out its store.</summary>
    public int Stored { get; set; }

    /// <summary>Words that sections have loaded for its process while it was under way.</summary>
    public HashSet<ulong> Loaded { get; } = [];
}

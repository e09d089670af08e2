using ActorVmm.Actors;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// An actor of a little program, such as a race of the laboratory, that runs in the place of the memory manager, so that its runs are
/// recorded, replayed and looked into like any other.
/// </summary>
/// <param name="Name">What it is called; no blanks.</param>
/// <param name="Actor">In its first state.</param>
public sealed record Guest(string Name, IActor Actor)
{
    /// <summary>What it hears at the beginning; null when it waits for others.</summary>
    public Message? Start { get; init; }
}

using ActorVmm.Kernel.Devices;

namespace ActorVmm.Kernel;

/// <summary>
/// Where the machine's actors are found and how a host should run them. The ids are fixed before the first message, so actors
/// can be wired in any order.
/// </summary>
public sealed record Cast(
    ActorId PfnDatabase,
    ActorId WorkingSetManager,
    ActorId ModifiedPageWriter,
    ActorId ZeroPageThread,
    ActorId SystemSpace,
    ActorId Operator,
    IReadOnlyList<ActorId> PagingFiles)
{
    /// <summary>Files that are there when the machine starts.</summary>
    public IReadOnlyList<ActorId> Files { get; init; } = [];

    /// <summary>Outside on a machine whose sections are all backed by paging files.</summary>
    public ActorId MappedPageWriter { get; init; }

    /// <summary>Device stacks, in the order of the plan.</summary>
    public IReadOnlyList<DeviceStack> Devices { get; init; } = [];

    /// <summary>Drivers that are interrupted while processes run, and so are told which process is current: those at the top of a stack without a paging file.</summary>
    public ActorId[] Interrupted { get; init; } = [];

    /// <summary>By which rules they decide.</summary>
    public KernelRules Rules { get; init; } = KernelRules.Windows;

    /// <summary>The PFN lock: whoever holds it runs at DISPATCH level.</summary>
    public static readonly Role PfnLock = new(31, Placement.Processor);

    /// <summary>Drivers: their completion routines run at DISPATCH level too.</summary>
    public static readonly Role Driver = new(31, Placement.Processor);

    /// <summary>The balance-set manager's thread, which runs the working-set manager (fact book §18).</summary>
    public static readonly Role Manager = new(16, Placement.Processor);

    /// <summary>The modified-page writer's thread (fact book §19).</summary>
    public static readonly Role Writer = new(17, Placement.Processor);

    /// <summary>The zero-page thread runs when nobody else wants the processor (fact book §20).</summary>
    public static readonly Role Zeroing = new(0, Placement.Processor);

    /// <summary>The person at the machine: beside all processors.</summary>
    public static readonly Role Person = new(0, Placement.Device);
}

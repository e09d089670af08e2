using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>What all processes of a machine share: whom they talk to, memory itself, and the machine's numbers.</summary>
public sealed record ProcessEnvironment(Cast Cast, Contents Contents, MemoryPolicy Policy, TurnCosts Costs)
{
    public Platform Platform { get; init; } = new();

    /// <summary>Limits of system space.</summary>
    public SystemPlan System { get; init; } = new();

    /// <summary>Devices that programs can ask.</summary>
    public IReadOnlyList<DevicePlan> Devices { get; init; } = [];

    /// <summary>Installed physical pages.</summary>
    public uint Frames => Contents.Frames;
}

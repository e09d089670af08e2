namespace ActorVmm.Runtime;

/// <summary>What a host is built with.</summary>
public record HostOptions
{
    /// <summary>Virtual processors, 1 to 64; for hosts that model them.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>Decides all draws, and all choices unless <see cref="Chooser"/> does.</summary>
    public ulong Seed { get; init; }

    /// <summary>Who answers <see cref="Outbox.Choose"/>; when null, a <see cref="SeededChooser"/>.</summary>
    public IChooser? Chooser { get; init; }

    public IReadOnlyList<IFactListener> FactListeners { get; init; } = [];

    public IReadOnlyList<ITurnListener> TurnListeners { get; init; } = [];

    /// <summary>Hears messages to <see cref="ActorId.Outside"/>; they are counted anyway.</summary>
    public IOutsideListener? Outside { get; init; }
}

/// <summary>What a <see cref="SteppedHost"/> is built with.</summary>
public sealed record SteppedOptions : HostOptions
{
    public DeliveryModel Model { get; init; } = DeliveryModel.Fifo;

    /// <summary>How many timers may fire in one execution, so that executions end.</summary>
    public int TimerFirings { get; init; } = 1;
}

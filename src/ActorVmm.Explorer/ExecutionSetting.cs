namespace ActorVmm.Explorer;

/// <summary>What all executions of one exploration have in common.</summary>
public sealed record ExecutionSetting
{
    /// <summary>Which of the messages on their way may arrive next.</summary>
    public DeliveryModel Model { get; init; } = DeliveryModel.Fifo;

    /// <summary>Decides all draws; held constant, so that only orders and choices differ.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How often timers may fire in one execution, all together.</summary>
    public int TimerFirings { get; init; } = 1;

    /// <summary>Turns after which an execution is ended, from 1.</summary>
    public int MostTurns { get; init; } = 1_000_000;
}

namespace ActorVmm.Runtime;

/// <summary>A message on its way, or a timer that may fire.</summary>
public struct PendingMessage
{
    public Delivery Delivery;
    public ActorId To;

    /// <summary>Which timer of the receiver this is; default for a message.</summary>
    public TimerId Timer;

    /// <summary>What its sender knew when it sent it: a row of <see cref="CausalPast"/>, 0 in other models.</summary>
    internal int Past;

    /// <summary>Another message has to be delivered first.</summary>
    internal bool Blocked;

    public readonly bool IsTimer => Timer != default;
}

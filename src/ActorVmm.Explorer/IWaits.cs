namespace ActorVmm.Explorer;

/// <summary>
/// An actor that can say whether it waits for somebody. When nothing can be delivered any more and one still waits, the execution
/// ended in a deadlock.
/// </summary>
public interface IWaits
{
    bool IsWaiting { get; }
}

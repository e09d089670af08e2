using ActorVmm.Actors;

namespace ActorVmm.Machine.Exports;

/// <summary>
/// Where messages that have not been heard yet come from. A message is named by its sender and the sender's count of messages sent
/// and timers started; hosts count when a turn's effects take place, in the order in which it asked for them.
/// </summary>
/// <typeparam name="T">What is to be known of the turn that sent it.</typeparam>
internal sealed class Causes<T>
{
    private readonly Dictionary<(int Sender, int Count), T> _origins = [];
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Remembers everything a turn has asked for.</summary>
    public void Sent(ActorId sender, Outbox outbox, T origin)
    {
        int count = _counts.GetValueOrDefault(sender.Value);
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            count = unchecked(count + 1);
            if (!sent.To.IsOutside)
            {
                _origins[(sender.Value, count)] = origin;
            }
        }

        foreach (ref readonly Outbox.TimerStart timer in outbox.TimerStarts)
        {
            count = unchecked(count + 1);
            if (timer.Delay != Ticks.Never)
            {
                _origins[(sender.Value, count)] = origin;
            }
        }

        _counts[sender.Value] = count;
    }

    /// <summary>The turn that sent what is being heard; false for what comes from outside.</summary>
    public bool TryTake(in Delivery delivery, out T origin) => _origins.Remove((delivery.Sender.Value, delivery.SenderCount), out origin!);
}

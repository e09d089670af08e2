namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §24: a packet that is sent down a stack is completed, once, and only then over: <c>called ⇒ completed once ⇒ its requestor is told once</c>.
/// Completing it twice is Windows' bug check 0x44. In flight: packets that are in a stack; at quiescence there are none.
/// </summary>
public sealed class EveryPacketIsCompletedOnce
    : Specification, IHear<PacketWentDown>, IHear<PacketCompleted>, IHear<PacketLeft>
{
    private readonly SortedDictionary<int, bool> _completed = [];
    private readonly Situation _several;
    private readonly Situation _failed;

    public EveryPacketIsCompletedOnce()
        : base(nameof(EveryPacketIsCompletedOnce), "a packet that is sent down a device stack is completed exactly once")
    {
        _several = Sometimes("several packets were in their stacks");
        _failed = Sometimes("a packet was completed with an error");
    }

    public void Hear(in PacketWentDown fact)
    {
        if (fact.Location == 0 && !_completed.TryAdd(fact.Packet.Value, false))
        {
            Violated($"packet {fact.Packet.Value} is made again, and it is still in a stack");
        }
        else if (_completed.GetValueOrDefault(fact.Packet.Value))
        {
            Violated($"packet {fact.Packet.Value} is sent down, and it was completed");
        }

        _several.SeenIf(_completed.Count > 1);
    }

    public void Hear(in PacketCompleted fact)
    {
        _failed.SeenIf(fact.Status != NtStatus.Success);
        if (!_completed.TryGetValue(fact.Packet.Value, out bool already))
        {
            Violated($"packet {fact.Packet.Value} is completed, and nobody sent it down");
        }
        else if (already)
        {
            Violated($"packet {fact.Packet.Value} is completed a second time");
        }

        _completed[fact.Packet.Value] = true;
    }

    public void Hear(in PacketLeft fact)
    {
        if (!_completed.Remove(fact.Packet.Value, out bool completed) || !completed)
        {
            Violated($"the requestor of packet {fact.Packet.Value} is told that it is over, and it was not completed");
        }
    }

    public override void AtQuiescence()
    {
        foreach ((int packet, bool completed) in _completed)
        {
            Violated($"nothing is in flight, and packet {packet} {(completed ? "never came up again" : "was never completed")}");
        }
    }
}

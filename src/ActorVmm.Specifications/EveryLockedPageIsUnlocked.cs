namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §24: pages that a memory descriptor list has locked are unlocked when the request is over, each as often as it was locked; a process whose
/// driver forgets cannot end (bug check 0x76). In flight: requests under way, and the unlocking of those that have just ended; at quiescence no frame is
/// locked.
/// </summary>
public sealed class EveryLockedPageIsUnlocked : Specification, IHear<FrameLocked>, IHear<DeviceRequestEnded>
{
    private readonly Situation _locked;
    private readonly Situation _twice;
    private readonly Situation _ended;

    public EveryLockedPageIsUnlocked()
        : base(nameof(EveryLockedPageIsUnlocked), "every locked page is unlocked when its request is over")
    {
        _locked = Sometimes("a page was locked");
        _twice = Sometimes("a page was locked by two requests");
        _ended = Sometimes("a request to a device ended");
    }

    public void Hear(in FrameLocked fact)
    {
        int locks = Known.Frames[fact.Pfn].Locks;
        _locked.SeenIf(fact.Change > 0);
        _twice.SeenIf(fact.Change > 0 && locks > 0);
        if (locks + fact.Change < 0)
        {
            Violated($"frame {fact.Pfn} is unlocked, and nobody has locked it");
        }
    }

    public void Hear(in DeviceRequestEnded fact)
    {
        _ended.Seen();
        if (fact.LeftLocked != 0)
        {
            Violated($"a request of thread {fact.Thread} of {Actor} to device {fact.Device} is over, and {fact.LeftLocked} pages of its buffer stay locked");
        }
    }

    public override void AtQuiescence()
    {
        for (uint at = 0; at < (uint)Known.Frames.Count; at++)
        {
            int locks = Known.Frames[new Pfn(at)].Locks;
            if (locks != 0)
            {
                Violated($"nothing is in flight, and frame {new Pfn(at)} is locked {locks} times");
            }
        }
    }
}

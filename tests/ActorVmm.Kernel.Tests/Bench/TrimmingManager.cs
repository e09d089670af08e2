using ActorVmm.Actors;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests;

/// <summary>A test has one process trimmed, by the working-set manager's mouth.</summary>
internal readonly record struct TrimByTest(ActorId Process, int Goal, int Pass, int BelowMinimum) : IMessage
{
    public const int Kind = 99_001;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// The working-set manager, and beside it the test's own requests for trimming: a process answers in the order in which it was asked,
/// so the answers to the test's are told apart and kept from the manager, who would not expect them.
/// </summary>
internal sealed class TrimmingManager(MachinePlan plan, Cast cast) : IActor
{
    private readonly WorkingSetManager _manager = new(plan, cast);

    // For each process, of the requests not answered yet, oldest in bit 0: which were the test's; and how many there are.
    private readonly SortedDictionary<int, (ulong OfTest, int Count)> _asked = [];

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case TrimByTest.Kind:
                var order = delivery.Read<TrimByTest>();
                Asked(order.Process, true);
                outbox.Send(order.Process, new TrimWorkingSet(order.Goal, order.Pass, order.BelowMinimum));
                return;
            case WorkingSetTrimmed.Kind when IsForTest(delivery.Sender):
                return;
            case ProcessLeaves.Kind:
                _asked.Remove(delivery.Sender.Value);
                break;
        }

        _manager.Receive(delivery, outbox);
        foreach (ref readonly var sent in outbox.SentMessages)
        {
            if (sent.Message.Kind == TrimWorkingSet.Kind)
            {
                Asked(sent.To, false);
            }
        }
    }

    public void Encode(StateCodec codec)
    {
        _manager.Encode(codec);
        int count = _asked.Count;
        codec.Field("asked", ref count);
        var rows = codec.Restoring ? new (int Process, ulong OfTest, int Count)[count] : [.. _asked.Select(row => (row.Key, row.Value.OfTest, row.Value.Count))];
        for (int i = 0; i < count; i++)
        {
            codec.Field("process", ref rows[i].Process);
            codec.Field("of test", ref rows[i].OfTest);
            codec.Field("count", ref rows[i].Count);
        }

        _asked.Clear();
        foreach (var (process, ofTest, asked) in rows)
        {
            _asked.Add(process, (ofTest, asked));
        }
    }

    private void Asked(ActorId process, bool ofTest)
    {
        var (mask, count) = _asked.GetValueOrDefault(process.Value);
        _asked[process.Value] = (mask | (ofTest ? 1UL << count : 0), count + 1);
    }

    private bool IsForTest(ActorId process)
    {
        var (mask, count) = _asked.GetValueOrDefault(process.Value);
        if (count == 0)
        {
            return false;
        }

        _asked[process.Value] = (mask >> 1, count - 1);
        return (mask & 1) != 0;
    }
}

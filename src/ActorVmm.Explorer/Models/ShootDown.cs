namespace ActorVmm.Explorer.Models;

/// <summary>
/// A page is unmapped and its frame freed at once, while a processor still has the old translation: its store lands in a frame
/// that is free or another's (CVE-2018-18281).
/// </summary>
public sealed class ShootDown : RaceModel
{
    public override string Name => "shoot-down";

    public override string Title => "A frame is freed before stale translations are flushed";

    public override string Story =>
        "A processor keeps translations that it has used in a cache of its own, which is not changed when the page table is. A "
        + "page is unmapped: every processor is told to forget its translation, but the frame is freed at once, before they have "
        + "answered. A processor that has not heard yet stores through the old translation. Its store arrives in a frame that is "
        + "free, or has a new owner by now.";

    public override string Repair =>
        "The frame is freed when every processor has acknowledged the flush. That is enough where messages cannot overtake along "
        + "the way over the page table: in causal and mailbox delivery. In fifo and bag a store sent before the acknowledgement "
        + "may still arrive after the free.";

    public override string Promise => "no store arrives in a freed frame";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number("cpus", 1, 0, "processors that have the mapping cached")];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 3, 1), new(DeliveryModel.Fifo, 3, 1), new(DeliveryModel.Causal, 3, 1), new(DeliveryModel.Mailbox, 2, 1)];

    public override string WordsOf(int which) => "a store through a stale translation arrived after the frame had been freed";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId framesId = stage.Add("FM", new FrameManager());
        PageTable table = new(framesId, new ActorId[settings["cpus"]], settings.IsFixed);
        ActorId tableId = stage.Add("PT", table);
        stage.AddStarting("U", new Caller<Unmap>(tableId, default));
        for (int cpu = 0; cpu < settings["cpus"]; cpu++)
        {
            table.Processors[cpu] = stage.AddStarting(FormattableString.Invariant($"C_{cpu + 1}"), new Processor(framesId, tableId));
        }
    }

    public readonly record struct Unmap : IMessage
    {
        public const int Kind = 10_500;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Flush : IMessage
    {
        public const int Kind = 10_501;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Acknowledge : IMessage
    {
        public const int Kind = 10_502;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Store : IMessage
    {
        public const int Kind = 10_503;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Free : IMessage
    {
        public const int Kind = 10_504;

        static int IMessage.Kind => Kind;
    }

    private sealed class PageTable(ActorId frames, ActorId[] processors, bool waits) : IActor
    {
        private int _missing;

        public ActorId[] Processors => processors;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Unmap.Kind)
            {
                Unmapped(outbox);
            }
            else if (--_missing == 0 && waits)
            {
                outbox.Send(frames, new Free());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("missing", ref _missing);

        private void Unmapped(Outbox outbox)
        {
            _missing = processors.Length;
            foreach (ActorId processor in processors)
            {
                outbox.Send(processor, new Flush());
            }

            if (!waits || _missing == 0)
            {
                outbox.Send(frames, new Free());
            }
        }
    }

    private sealed class Processor(ActorId frames, ActorId table) : IActor
    {
        private bool _flushed;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Flush.Kind)
            {
                _flushed = true;
                outbox.Send(table, new Acknowledge());
            }
            else if (!_flushed)
            {
                outbox.Send(frames, new Store());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("flushed", ref _flushed);
    }

    private sealed class FrameManager : IActor
    {
        private bool _freed;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Free.Kind)
            {
                _freed = true;
            }
            else if (_freed)
            {
                outbox.State(new PromiseBroken(0));
            }
        }

        public void Encode(StateCodec codec) => codec.Field("freed", ref _freed);
    }
}

namespace ActorVmm.Explorer.Models;

/// <summary>
/// A PTE is looked at, then the slot it names. In between the page comes in, is written, and the slot is used again; the PTE looks
/// as it did, and the old contents are mapped (Linux 31c4a3d3a0f8).
/// </summary>
public sealed class SlotReuse : RaceModel
{
    public override string Name => "slot-reuse";

    public override string Title => "A paging-file slot is used again between two looks";

    public override string Story =>
        "Thread A faults. It reads in the PTE that its page is in a certain slot of the paging file, and then looks that slot "
        + "up. Between the two, thread B brings the page in and writes to it, and the page is trimmed into the very same slot. "
        + "Now A is back with what it had found. It compares the PTE with what it had read at the beginning: the same slot, so "
        + "nothing seems to have happened, and A maps contents that are older than B's write.";

    public override string Repair => "A mapping is installed only when the PTE's generation is the one that was looked up.";

    public override string Promise => "what is mapped is the page's latest version";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number("readers", 1, 0, "threads that fault the page in")];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 13, 2), new(DeliveryModel.Fifo, 13, 2), new(DeliveryModel.Causal, 12, 1), new(DeliveryModel.Mailbox, 12, 1)];

    public override string WordsOf(int which) => "an older version of the page was mapped";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new(settings.IsFixed);
        ActorId entryId = stage.Add("PTE", entry);
        ActorId cacheId = stage.Add("SC", new SwapCache());
        entry.Cache = cacheId;
        for (int reader = 1; reader <= settings["readers"]; reader++)
        {
            stage.AddStarting(FormattableString.Invariant($"A_{reader}"), new Reader(entryId, cacheId));
        }

        stage.AddStarting("B", new Caller<BringInAndWrite>(entryId, default));
        stage.AddStarting("K", new Caller<Trim>(entryId, default));
    }

    public readonly record struct Get : IMessage
    {
        public const int Kind = 10_700;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Slot : IMessage
    {
        public const int Kind = 10_701;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Look : IMessage
    {
        public const int Kind = 10_702;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Contents(int Version, int Generation) : IMessage
    {
        public const int Kind = 10_703;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Map(int Version, int Generation) : IMessage
    {
        public const int Kind = 10_704;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct BringInAndWrite : IMessage
    {
        public const int Kind = 10_705;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Trim : IMessage
    {
        public const int Kind = 10_706;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Put(int Version, int Generation) : IMessage
    {
        public const int Kind = 10_707;

        static int IMessage.Kind => Kind;
    }

    private sealed class PageTableEntry(bool comparesGenerations) : IActor
    {
        private bool _present;
        private int _version = 1;
        private int _generation;

        public ActorId Cache { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Get.Kind when !_present: outbox.Send(delivery.Sender, new Slot()); break;
                case BringInAndWrite.Kind: (_present, _version) = (true, _version + 1); break;
                case Trim.Kind when _present: Trimmed(outbox); break;
                case Map.Kind when !_present: Install(delivery.Read<Map>(), outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("present", ref _present);
            codec.Field("version", ref _version);
            codec.Field("generation", ref _generation);
        }

        private void Trimmed(Outbox outbox)
        {
            (_present, _generation) = (false, _generation + 1);
            outbox.Send(Cache, new Put(_version, _generation));
        }

        private void Install(Map map, Outbox outbox)
        {
            if (comparesGenerations && map.Generation != _generation)
            {
                return;
            }

            _present = true;
            if (map.Version < _version)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class SwapCache : IActor
    {
        private int _version = 1;
        private int _generation;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Put.Kind)
            {
                Put put = delivery.Read<Put>();
                (_version, _generation) = (put.Version, put.Generation);
            }
            else
            {
                outbox.Send(delivery.Sender, new Contents(_version, _generation));
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("version", ref _version);
            codec.Field("generation", ref _generation);
        }
    }

    private sealed class Reader(ActorId entry, ActorId cache) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(entry, new Get()); break;
                case Slot.Kind: outbox.Send(cache, new Look()); break;
                case Contents.Kind: Found(delivery.Read<Contents>(), outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
        }

        private void Found(Contents contents, Outbox outbox) => outbox.Send(entry, new Map(contents.Version, contents.Generation));
    }
}

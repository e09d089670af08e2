using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The dirty bit of a PTE is read when the page is unmapped. A processor that still has the translation stores afterwards, and
/// the page is thrown away as clean (Linux 018e9828eb52).
/// </summary>
public sealed class LostDirtyBit : RaceModel
{
    private const string Cpus = "cpus";

    public static CatalogueEntry Entry { get; } = new(6, new LostDirtyBit())
    {
        Source = "Linux commit 018e9828eb52",
        Actors = "U unmaps; PT is the page table; C_i are processors with a writable translation; PAGE is the page of a file; R reclaims.",
        InWindows =
            "Writable pages start with the hardware's write bit clear on multiprocessors: the first store faults, and the fault sets the "
            + "dirty bit in the PTE before the store can happen (fact book §14.2). When a page leaves a working set the translation is "
            + "flushed on all processors first; the bit that is then read is the last word, and goes into the PFN entry.",
        Repaired = Counts.Clean(bag: 8, fifo: 8, causal: 8, mailbox: 6),
        FoundWithin = 10,
    };

    public override string Name => "lost-dirty-bit";

    public override string Title => "A store follows the last look at the dirty bit";

    public override string Story =>
        "A page of a file is unmapped. The page table's dirty bit is read: clean. Then the processors are told to forget their "
        + "translations. But one of them has a writable translation cached, and stores through it before it hears of that; as far as "
        + "its cache knows, the page was marked dirty long ago, so it marks nothing. The page stays in memory as a clean copy of the "
        + "file. When memory is needed, clean pages are dropped without being written, and the store is gone.";

    public override string Repair => "What the page table reports is decided when all processors have acknowledged, and each says whether it stored.";

    public override string Promise => "a page that was stored to is written before it is dropped";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Cpus, 1, 0, "processors that have the translation")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (14, 6), fifo: (14, 6), causal: (11, 4), mailbox: (9, 4));

    public override string WordsOf(int which) => "a page was dropped as clean that a processor had stored to";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId pageId = stage.Add("PAGE", new FilePage());
        PageTable table = new(pageId, settings[Cpus], settings.IsFixed);
        ActorId tableId = stage.Add("PT", table);
        for (int cpu = 0; cpu < settings[Cpus]; cpu++)
        {
            table.Processors.Ids[cpu] = stage.AddStarting(FormattableString.Invariant($"C_{cpu + 1}"), new Processor(pageId, stores: true));
        }

        stage.AddStarting("U", new Caller<Unmap>(tableId, default));
        stage.AddStarting("R", new Caller<Drop>(pageId, default));
    }

    private sealed class PageTable(ActorId page, int cpus, bool waits) : IActor
    {
        public Processors Processors { get; } = new(cpus);

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Unmap.Kind)
            {
                Processors.Flush(outbox);
                if (!waits || Processors.AreFlushed)
                {
                    outbox.Send(page, new Unmapped(Dirty: 0));
                }
            }
            else if (Processors.Acknowledged(in delivery) && waits)
            {
                outbox.Send(page, new Unmapped(Processors.HaveStored ? 1 : 0));
            }
        }

        public void Encode(StateCodec codec) => Processors.Encode(codec);
    }

    private sealed class FilePage : IActor
    {
        private bool _mapped = true;
        private bool _dirty;
        private bool _stored;
        private bool _dropped;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Store.Kind: Stored(delivery.Sender, outbox); break;
                case Unmapped.Kind: (_mapped, _dirty) = (false, delivery.Read<Unmapped>().Dirty != 0); break;
                case Drop.Kind when !_mapped && !_dirty: Dropped(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("mapped", ref _mapped);
            codec.Field("dirty", ref _dirty);
            codec.Field("stored", ref _stored);
            codec.Field("dropped", ref _dropped);
        }

        private void Stored(ActorId processor, Outbox outbox)
        {
            _stored = true;
            Check(outbox);
            outbox.Send(processor, new Accessed());
        }

        private void Dropped(Outbox outbox)
        {
            _dropped = true;
            Check(outbox);
        }

        private void Check(Outbox outbox)
        {
            if (_stored && _dropped)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }
}

using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The compressed store hands out the only copy of a page and forgets it. The fault that asked is dropped; the next one reads a
/// slot that was never written (Linux zswap, 2024).
/// </summary>
public sealed class ConsumedCopy : RaceModel
{
    private const string Threads = "threads";
    private const string Protects = "protects";

    public static CatalogueEntry Entry { get; } = new(9, new ConsumedCopy())
    {
        Source = "Linux zswap, 2024: data loss when a load consumes the compressed copy and the fault is not carried through",
        Actors = "T_i fault; PTE is the page's entry, whose generation says whether it is the same entry still; STORE keeps the page compressed; P protects.",
        InWindows =
            "The compression store is the paging file's front (fact book §25): a page leaves it like any other backing. Backing is given up "
            + "only when the page in memory differs from it, and the PFN entry's original PTE keeps pointing at it until then (§16.5 step 8, "
            + "§17 R19). A dropped fault leaves the page on standby with its backing intact.",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 3),
        FoundWithin = 10,
    };

    public override string Name => "consumed-copy";

    public override string Title => "The only copy of a page is consumed by a fault that is dropped";

    public override string Story =>
        "A page was compressed into memory; its slot in the paging file was never written. A thread faults: it looks at the PTE, and asks "
        + "the compressed store, which decompresses the page and at once forgets its copy, because the page is in memory now. But before "
        + "the thread can map it, another thread changes the PTE. The fault finds the PTE different from the one it looked at, drops its "
        + "page and starts anew. Now nobody has the page. The store sends the second attempt to the paging file, and it maps whatever "
        + "is in a slot that was never written.";

    public override string Repair => "The store keeps its copy until it is told that the page is mapped.";

    public override string Promise => "a page that comes back is the page that left";

    public override IReadOnlyList<ModelParameter> Parameters { get; } =
    [
        ModelParameter.Number(Threads, 1, 1, "threads that fault on the page"),
        ModelParameter.Number(Protects, 1, 0, "times that the PTE is changed"),
    ];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (3, 1), fifo: (3, 1), causal: (3, 1), mailbox: (3, 1));

    public override string WordsOf(int which) => "the contents of a slot were mapped that was never written";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new();
        ActorId entryId = stage.Add("PTE", entry);
        entry.Store = stage.Add("STORE", new CompressedStore(settings.IsFixed));
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(entryId, entry.Store));
        }

        stage.AddStarting("P", new Caller<Protect>(entryId, default, settings[Protects]));
    }

    private sealed class PageTableEntry : IActor
    {
        private bool _valid;
        private int _generation;

        public ActorId Store { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Look.Kind when !_valid: outbox.Send(delivery.Sender, new Found(_generation)); break;
                case Protect.Kind: _generation++; break;
                case Install.Kind when !_valid: Installed(delivery.Read<Install>(), delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("valid", ref _valid);
            codec.Field("generation", ref _generation);
        }

        private void Installed(Install page, ActorId thread, Outbox outbox)
        {
            if (page.Generation != _generation)
            {
                outbox.Send(thread, new Retry());
                return;
            }

            _valid = true;
            outbox.Send(Store, new Drop());
            if (page.What != CompressedStore.Page)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class CompressedStore(bool keeps) : IActor
    {
        public const int Page = 1;
        private const int NeverWritten = 0;
        private bool _has = true;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Drop.Kind)
            {
                _has = false;
                return;
            }

            outbox.Send(delivery.Sender, new ReadDone(delivery.Read<Read>().Tag, _has ? Page : NeverWritten));
            _has &= keeps;
        }

        public void Encode(StateCodec codec) => codec.Field("has", ref _has);
    }

    /// <summary>Looks at the PTE, has the page decompressed, and maps it if the PTE is as it was.</summary>
    private sealed class FaultingThread(ActorId entry, ActorId store) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind or Retry.Kind: outbox.Send(entry, new Look()); break;
                case Found.Kind: outbox.Send(store, new Read(delivery.Read<Found>().What)); break;
                case ReadDone.Kind: Decompressed(delivery.Read<ReadDone>(), outbox); break;
            }
        }

        private void Decompressed(ReadDone page, Outbox outbox) => outbox.Send(entry, new Install(page.Tag, page.Version));
    }
}

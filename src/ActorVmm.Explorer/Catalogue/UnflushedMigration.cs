using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A page is made inaccessible, and the flush is still on its way. Its migration sees an inaccessible PTE, takes it that nobody
/// can store, and copies; a store through the old translation goes to the old frame (Linux 20841405940e).
/// </summary>
public sealed class UnflushedMigration : RaceModel
{
    private const string Cpus = "cpus";

    public static CatalogueEntry Entry { get; } = new(18, new UnflushedMigration())
    {
        Source = "Linux commit 20841405940e",
        Actors = "P protects; M migrates; PT is the page table; C_i are processors with a writable translation; OLD is the frame that is copied from.",
        InWindows =
            "A PTE is changed and flushed on all processors under one hold of the working-set lock, so who takes the lock next never finds a "
            + "changed PTE whose old translation is still in use (fact book §17 R14). Frames move only when no valid PTE maps them: the page is "
            + "first taken out of the working set, and the next fault finds it where it is.",
        Repaired = Counts.Clean(bag: 12, fifo: 12, causal: 12, mailbox: 8),
        FoundWithin = 10,
    };

    public override string Name => "unflushed-migration";

    public override string Title => "A page is migrated before a shoot-down has arrived";

    public override string Story =>
        "The page table marks a page inaccessible, to learn who uses it, and tells the processors to forget their translations; while that is "
        + "under way another part of the kernel decides to move the page to a nearer memory. It looks at the PTE: inaccessible. So "
        + "nobody can be storing, it concludes, no flush is needed, and the contents can be copied. One processor has not heard yet and stores "
        + "through its old translation: into the old frame, after it was copied. When the page is accessible again, it is the copy, "
        + "without the store.";

    public override string Repair => "A migration that finds a flush under way waits for its acknowledgements before it copies.";

    public override string Promise => "no store arrives in a frame that has been copied from";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Cpus, 1, 1, "processors that have the translation")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (14, 2), fifo: (14, 2), causal: (13, 1), mailbox: (9, 1));

    public override string WordsOf(int which) => "a store arrived in the old frame after its contents had been copied";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId frameId = stage.Add("OLD", new OldFrame());
        PageTable table = new(frameId, settings[Cpus], settings.IsFixed);
        ActorId tableId = stage.Add("PT", table);
        for (int cpu = 0; cpu < settings[Cpus]; cpu++)
        {
            table.Processors.Ids[cpu] = stage.AddStarting(FormattableString.Invariant($"C_{cpu + 1}"), new Processor(frameId, stores: true));
        }

        stage.AddStarting("P", new Caller<Protect>(tableId, default));
        stage.AddStarting("M", new Caller<Move>(tableId, default));
    }

    private sealed class PageTable(ActorId frame, int cpus, bool waits) : IActor
    {
        private bool _inaccessible;
        private bool _moving;

        public Processors Processors { get; } = new(cpus);

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Protect.Kind: MakeInaccessible(outbox); break;
                case Move.Kind: Moved(outbox); break;
                case Acknowledge.Kind when Processors.Acknowledged(in delivery) && _moving: outbox.Send(frame, new Move()); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            Processors.Encode(codec);
            codec.Field("inaccessible", ref _inaccessible);
            codec.Field("moving", ref _moving);
        }

        private void MakeInaccessible(Outbox outbox)
        {
            if (!_inaccessible)
            {
                _inaccessible = true;
                Processors.Flush(outbox);
            }
        }

        /// <summary>A page that is accessible is made inaccessible and flushed first, in both variants.</summary>
        private void Moved(Outbox outbox)
        {
            bool nobodyStores = _inaccessible && (!waits || Processors.AreFlushed);
            MakeInaccessible(outbox);
            _moving = !nobodyStores;
            if (nobodyStores)
            {
                outbox.Send(frame, new Move());
            }
        }
    }

    private sealed class OldFrame : IActor
    {
        private bool _copied;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Move.Kind)
            {
                _copied = true;
                return;
            }

            if (_copied)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(delivery.Sender, new Accessed());
        }

        public void Encode(StateCodec codec) => codec.Field("copied", ref _copied);
    }
}

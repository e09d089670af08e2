using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The last user of a shared page of zeros lets it go before the shoot-down. Its frame gets an owner, and a processor that still
/// has the translation reads the owner's data where zeros are promised (Linux 314e9b75b3f6).
/// </summary>
public sealed class FreedZeroPage : RaceModel
{
    private const string Cpus = "cpus";

    public static CatalogueEntry Entry { get; } = new(22, new FreedZeroPage())
    {
        Source = "Linux commit 314e9b75b3f6",
        Actors = "U unmaps; PT is the page table; C_i are processors that read zeros; FM owns the frame; Q wants one.",
        InWindows =
            "Windows has no shared page of zeros: a read of untouched private memory gets a zeroed frame of its own (fact book §16.3). The one "
            + "page that all processes share is never freed (§2). For all others a frame is freed when its share count is zero, which falls "
            + "after the flush.",
        Repaired = Counts.Clean(bag: 8, fifo: 8, causal: 8, mailbox: 6),
        FoundWithin = 10,
    };

    public override string Name => "freed-zero-page";

    public override string Title => "The shared page of zeros is freed while somebody reads zeros from it";

    public override string Story =>
        "Memory that was never written reads as zeros, and one page of zeros serves all who read. It counts its users, and is freed with the "
        + "last. A process unmaps such memory: the last user is gone, the page is freed, and the processors are told to forget "
        + "their translations, in that order. The frame is given to another process, which fills it. A thread of the first process "
        + "on another processor still has the translation. It reads, and sees neither zeros nor a fault, but another "
        + "process's data.";

    public override string Repair => "The page of zeros is let go when all processors have acknowledged the flush.";

    public override string Promise => "memory that was never written reads as zeros";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Cpus, 1, 1, "processors that have the translation")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (14, 4), fifo: (14, 4), causal: (11, 2), mailbox: (9, 2));

    public override string WordsOf(int which) => "a processor read another process's data through its translation of the page of zeros";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId framesId = stage.Add("FM", new FrameManager());
        PageTable table = new(framesId, settings[Cpus], settings.IsFixed);
        ActorId tableId = stage.Add("PT", table);
        for (int cpu = 0; cpu < settings[Cpus]; cpu++)
        {
            table.Processors.Ids[cpu] = stage.AddStarting(FormattableString.Invariant($"C_{cpu + 1}"), new Processor(framesId, stores: false));
        }

        stage.AddStarting("U", new Caller<Unmap>(tableId, default));
        stage.AddStarting("Q", new Caller<Alloc>(framesId, default));
    }

    private sealed class PageTable(ActorId frames, int cpus, bool waits) : IActor
    {
        public Processors Processors { get; } = new(cpus);

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Unmap.Kind)
            {
                Processors.Flush(outbox);
                if (!waits)
                {
                    outbox.Send(frames, new Drop());
                }
            }
            else if (Processors.Acknowledged(in delivery) && waits)
            {
                outbox.Send(frames, new Drop());
            }
        }

        public void Encode(StateCodec codec) => Processors.Encode(codec);
    }

    /// <summary>One frame: the page of zeros, until its last user drops it and somebody wants it.</summary>
    private sealed class FrameManager : IActor
    {
        private bool _free;
        private bool _owned;
        private int _waiting;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Alloc.Kind when _free: Give(delivery.Sender, outbox); break;
                case Alloc.Kind: _waiting = delivery.Sender.Value; break;
                case Drop.Kind when _waiting != 0: Give(new ActorId(_waiting), outbox); break;
                case Drop.Kind: _free = true; break;
                case Load.Kind: Loaded(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("free", ref _free);
            codec.Field("owned", ref _owned);
            codec.Field("waiting", ref _waiting);
        }

        private void Give(ActorId process, Outbox outbox)
        {
            _owned = true;
            outbox.Send(process, new Granted());
        }

        private void Loaded(ActorId processor, Outbox outbox)
        {
            if (_owned)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(processor, new Accessed());
        }
    }
}

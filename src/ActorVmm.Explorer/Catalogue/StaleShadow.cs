using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// Copy-on-write replaces a page in the map of the writer and leaves the other maps of the same memory alone. The old frame is
/// freed, and they read what its next owner puts there (FreeBSD SA-21:08.vm).
/// </summary>
public sealed class StaleShadow : RaceModel
{
    private const string Others = "others";

    public static CatalogueEntry Entry { get; } = new(15, new StaleShadow())
    {
        Source = "FreeBSD-SA-21:08.vm",
        Actors = "A writes; OBJ is the memory that A and the others share, shadowing an ancestor's; C_i run the others; FM owns the frame and its next owner's data.",
        InWindows =
            "All sharers of a page go through one prototype PTE. A private copy belongs to one process, which is the only one that leaves the shared "
            + "frame: its share count falls by one (fact book §13.6). The frame is freed when share count and reference count are both zero, "
            + "so never under a valid PTE (§15.1, §28 I3).",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 2),
        FoundWithin = 10,
    };

    public override string Name => "stale-shadow";

    public override string Title => "Copy-on-write leaves another mapping stale";

    public override string Story =>
        "Two processes share memory that shadows an ancestor's: until somebody writes, both map the ancestor's frame. One writes. The page is "
        + "copied, the shared memory now has a page of its own, and the writer's map points to it. The other process still maps the "
        + "ancestor's frame, and nobody tells it. The ancestor ends and the frame is freed and given to a stranger. The other process "
        + "reads, through its old mapping, the stranger's data.";

    public override string Repair => "All other mappings of the old frame are taken away, and are known to be gone, before the frame is let go.";

    public override string Promise => "no one reads a frame that belongs to somebody else";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Others, 1, 1, "processes that share the memory with the writer")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (2, 1), fifo: (2, 1), causal: (2, 1), mailbox: (2, 1));

    public override string WordsOf(int which) => "a process read the frame of a stranger through a mapping that was left behind";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId framesId = stage.Add("FM", new FrameManager());
        SharedMemory memory = new(framesId, settings[Others], settings.IsFixed);
        ActorId memoryId = stage.Add("OBJ", memory);
        for (int other = 0; other < settings[Others]; other++)
        {
            memory.Others.Ids[other] = stage.AddStarting(FormattableString.Invariant($"C_{other + 1}"), new Processor(framesId, stores: false));
        }

        stage.AddStarting("A", new Caller<Store>(memoryId, default));
    }

    private sealed class SharedMemory(ActorId frames, int others, bool invalidates) : IActor
    {
        public Processors Others { get; } = new(others);

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Acknowledge.Kind)
            {
                if (Others.Acknowledged(in delivery))
                {
                    outbox.Send(frames, new Free());
                }
            }
            else if (invalidates)
            {
                Others.Flush(outbox);
            }
            else
            {
                outbox.Send(frames, new Free());
            }
        }

        public void Encode(StateCodec codec) => Others.Encode(codec);
    }

    private sealed class FrameManager : IActor
    {
        private bool _isStrangers;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Free.Kind)
            {
                _isStrangers = true;
                return;
            }

            if (_isStrangers)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(delivery.Sender, new Accessed());
        }

        public void Encode(StateCodec codec) => codec.Field("isStrangers", ref _isStrangers);
    }
}

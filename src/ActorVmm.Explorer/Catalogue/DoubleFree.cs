using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>A process exits while memory is short: its exit and the trimmer walk over the same pages, and both free them (CVE-2018-1000200).</summary>
public sealed class DoubleFree : RaceModel
{
    private const string Pages = "pages";

    public static CatalogueEntry Entry { get; } = new(25, new DoubleFree())
    {
        Source = "CVE-2018-1000200 (Linux: exit against the out-of-memory reaper)",
        Actors = "EX is the exit and TR the low-memory trimmer, both walking; AS is the address space with its pages; FM frees frames.",
        InWindows =
            "Trimming and deletion of an address space take the same working-set lock, and a frame moves from state to state in one place, the PFN "
            + "database (fact book §27 rule 1). A frame that is freed when it is free already stops the machine: bug check 0x4E, "
            + "PFN_LIST_CORRUPT.",
        Repaired = Counts.Clean(bag: 4, fifo: 4, causal: 4, mailbox: 4),
        FoundWithin = 10,
    };

    public override string Name => "double-free";

    public override string Title => "Exit and the low-memory trimmer free the same page";

    public override string Story =>
        "A process is ending: it walks over its pages and frees them one by one. Memory is very short, and the trimmer has picked the same "
        + "process as the one to take pages from. It walks too. Each finds a page, frees its frame, and then takes it off the list. "
        + "When both find the page before either has taken it off, the frame is freed twice. By then it may have a new owner, from whom the "
        + "second free takes it away.";

    public override string Repair => "A page is taken off the list in the same step in which a walk finds it.";

    public override string Promise => "a frame is freed once";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Pages, 1, 1, "pages of the process")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (10, 8), fifo: (10, 8), causal: (10, 8), mailbox: (6, 4));

    public override string WordsOf(int which) => "a frame was freed that was free already";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId spaceId = stage.Add("AS", new AddressSpace(settings[Pages], settings.IsFixed));
        ActorId framesId = stage.Add("FM", new FrameManager(settings[Pages]));
        stage.AddStarting("EX", new Walker(spaceId, framesId));
        stage.AddStarting("TR", new Walker(spaceId, framesId));
    }

    private sealed class AddressSpace(int pages, bool takesOff) : IActor
    {
        private readonly byte[] _gone = new byte[pages];

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == TakenOff.Kind)
            {
                _gone[delivery.Read<TakenOff>().Page] = 1;
            }

            int page = Array.IndexOf(_gone, (byte)0);
            if (page >= 0)
            {
                _gone[page] = takesOff ? (byte)1 : (byte)0;
                outbox.Send(delivery.Sender, new Found(page));
            }
        }

        public void Encode(StateCodec codec) => codec.Values("gone", _gone);
    }

    /// <summary>Frees what it finds, says so, and finds the next.</summary>
    private sealed class Walker(ActorId space, ActorId frames) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Start.Kind)
            {
                outbox.Send(space, new Look());
                return;
            }

            int page = delivery.Read<Found>().What;
            outbox.Send(frames, new Free(page));
            outbox.Send(space, new TakenOff(page));
        }
    }

    private sealed class FrameManager(int frames) : IActor
    {
        private readonly byte[] _free = new byte[frames];

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            ref byte free = ref _free[delivery.Read<Free>().Frame];
            if (free != 0)
            {
                outbox.State(new PromiseBroken(0));
            }

            free = 1;
        }

        public void Encode(StateCodec codec) => codec.Values("free", _free);
    }
}

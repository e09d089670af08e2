using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A thread decides to copy a shared page and lets the lock go to get a frame. Another thread resolves the fault meanwhile; the
/// first goes on as it had decided (ReactOS #4671).
/// </summary>
public sealed class DoubleUnshare : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(16, new DoubleUnshare())
    {
        Source = "ReactOS pull request #4671",
        Actors = "T_i store to one write-copy page; PTE is its entry; FM gives frames.",
        InWindows =
            "When there is no frame at once, the fault lets its locks go, waits for memory, and runs the instruction again from the start (fact "
            + "book §16.2 step 8, §17 R11). It then finds a valid writable PTE and returns: a spurious fault (§13.6, §17 R16). One copies, "
            + "the other sees that it is done.",
        Repaired = Counts.Clean(bag: 10, fifo: 4, causal: 4, mailbox: 4),
        FoundWithin = 10,
        Rule = KernelRule.CopyRecheck,
    };

    public override string Name => "double-unshare";

    public override string Title => "A shared page is made private twice";

    public override string Story =>
        "Two threads of a process store to one write-copy page. Each fault finds a shared page and decides: take a frame, copy the page, and "
        + "leave the sharers. To get the frame the lock has to be let go. The first thread gets its frame, copies, and stores into the "
        + "copy. Then the second gets its frame. It goes on where it had stopped: copies again, from the page it finds, over what "
        + "the first thread stored, and leaves the sharers a second time. A store is lost, a frame leaks, and the shared page's count is "
        + "one too low: it will be freed while another process maps it.";

    public override string Repair => "After the wait the thread looks at the PTE again; when the page is private, it gives its frame back.";

    public override string Promise => "a process leaves the sharers of a page once";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 2, 1, "threads that store to the page")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (10, 8), fifo: (4, 2), causal: (4, 2), mailbox: (4, 2));

    public override string WordsOf(int which) => "a page that was private already was made private again";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new(settings.IsFixed);
        ActorId entryId = stage.Add("PTE", entry);
        entry.Frames = stage.Add("FM", new FrameManager());
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new Caller<Store>(entryId, default));
        }
    }

    private sealed class PageTableEntry(bool looksAgain) : IActor
    {
        private bool _private;

        public ActorId Frames { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Store.Kind when _private: outbox.Send(delivery.Sender, new Ok()); break;
                case Store.Kind: outbox.Send(Frames, new Alloc(delivery.Sender.Value)); break;
                case Granted.Kind: GotFrame(delivery.Read<Granted>(), outbox); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("private", ref _private);

        private void GotFrame(Granted frame, Outbox outbox)
        {
            if (_private && looksAgain)
            {
                outbox.Send(Frames, new Free());
            }
            else if (_private)
            {
                outbox.State(new PromiseBroken(0));
            }

            _private = true;
            outbox.Send(new ActorId(frame.For), new Ok());
        }
    }

    private sealed class FrameManager : IActor
    {
        private int _given;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Free.Kind)
            {
                _given--;
                return;
            }

            _given++;
            outbox.Send(delivery.Sender, new Granted(delivery.Read<Alloc>().For));
        }

        public void Encode(StateCodec codec) => codec.Field("given", ref _given);
    }
}

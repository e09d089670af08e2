using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// Two threads read one slot of the paging file. The first maps the page, stores and loses it again to the same slot; the second
/// finds the PTE as it was and maps what it read before the store (CVE-2024-26759).
/// </summary>
public sealed class DoubleRead : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(8, new DoubleRead())
    {
        Source = "CVE-2024-26759 (Linux: swap-in that bypasses the swap cache)",
        Actors = "T_i fault and store; PTE is the page's entry; DISK is the paging file with the page's slot; K trims.",
        InWindows =
            "Before the read starts the PTE is put into transition form and points to the frame that will hold the page, so a second "
            + "thread cannot start a read of its own: it finds the transition PTE and the frame's read in progress, and waits (fact book "
            + "§16.5, §17 R1). And a slot is given up when the page is stored to, so the next write goes elsewhere (§16.5 step 8, R19).",
        Repaired = Counts.Of(bag: (102, 4), fifo: (82, 0), causal: (82, 0), mailbox: (82, 0)),
        Limits =
            "Not in bag: there the read of the slot may overtake the write to the same slot, and any reader gets old contents. A device must "
            + "keep the order of what it is asked for one slot.",
        FoundWithin = 100,
    };

    public override string Name => "double-read";

    public override string Title => "Two threads read one slot, and the slower one is out of date";

    public override string Story =>
        "Two threads of a process fault on a page that is in the paging file. Each starts a read of its own. The first read completes: "
        + "its thread maps the page and stores. The page is trimmed and written back to the same slot, so the PTE says again what it "
        + "said at the beginning. Now the second read completes. Its thread compares the PTE with the one it remembers, finds them "
        + "equal, and maps what it read before the store.";

    public override string Repair => "One read at a time: who faults while a read is under way waits, and then looks again.";

    public override string Promise => "what is mapped is the page's latest version";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 2, 1, "threads that fault on the page and store")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (232, 10), fifo: (80, 2), causal: (80, 2), mailbox: (80, 2));

    public override string WordsOf(int which) => "contents were mapped that are older than a store to the page";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new(settings.IsFixed, settings[Threads]);
        ActorId entryId = stage.Add("PTE", entry);
        entry.Slot = stage.Add("DISK", new Slot());
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(entryId, stores: true));
        }

        stage.AddStarting("K", new Caller<Trim>(entryId, default));
    }

    private sealed class PageTableEntry(bool readsOnce, int threads) : IActor
    {
        private readonly Queue _waiting = new(threads);
        private bool _valid;
        private bool _reading;
        private int _version = 1;

        public ActorId Slot { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind: Faulted(delivery.Sender, outbox); break;
                case ReadDone.Kind: Completed(delivery.Read<ReadDone>(), outbox); break;
                case Store.Kind when _valid: _version++; break;
                case Trim.Kind when _valid: Trimmed(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            _waiting.Encode(codec);
            codec.Field("valid", ref _valid);
            codec.Field("reading", ref _reading);
            codec.Field("version", ref _version);
        }

        private void Faulted(ActorId thread, Outbox outbox)
        {
            if (_valid)
            {
                outbox.Send(thread, new Ok());
            }
            else if (_reading && readsOnce)
            {
                _waiting.Add(thread.Value);
            }
            else
            {
                _reading = true;
                outbox.Send(Slot, new Read(thread.Value));
            }
        }

        private void Completed(ReadDone done, Outbox outbox)
        {
            if (!_valid && done.Version < _version)
            {
                outbox.State(new PromiseBroken(0));
            }

            (_valid, _reading) = (true, false);
            outbox.Send(new ActorId(done.Tag), new Ok());
            while (_waiting.Count > 0)
            {
                outbox.Send(new ActorId(_waiting.Take()), new Retry());
            }
        }

        private void Trimmed(Outbox outbox)
        {
            _valid = false;
            outbox.Send(Slot, new Write(_version));
        }
    }

    private sealed class Slot : IActor
    {
        private int _version = 1;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Write.Kind)
            {
                _version = delivery.Read<Write>().Version;
            }
            else
            {
                outbox.Send(delivery.Sender, new ReadDone(delivery.Read<Read>().Tag, _version));
            }
        }

        public void Encode(StateCodec codec) => codec.Field("version", ref _version);
    }
}

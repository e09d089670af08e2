using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A driver looks a page up, waits until it is written, and pins the frame it had found. Meanwhile the frame got another owner
/// (Linux 1ff829957316).
/// </summary>
public sealed class PinAfterWait : RaceModel
{
    private const string Drivers = "drivers";
    private const string Trims = "trims";

    public static CatalogueEntry Entry { get; } = new(28, new PinAfterWait())
    {
        Source = "Linux commit 1ff829957316",
        Actors = "D_i pin the page; PTE is its entry; FM knows frames, of which number 0 is being written; MPW ends the write; K trims.",
        InWindows =
            "MmProbeAndLockPages touches the page, takes the PFN lock, and looks whether the PTE is valid; if it is not, the page was trimmed in "
            + "between, and all is tried again. The frame is taken from the PTE in the same step in which its reference count is raised (fact "
            + "book §24, §17 R18; §27 rule 5: recheck after every wait).",
        Repaired = Counts.Clean(bag: 16, fifo: 16, causal: 11, mailbox: 11),
        FoundWithin = 10,
        Rule = KernelRule.RepeatedAccess,
    };

    public override string Name => "pin-after-wait";

    public override string Title => "A frame is pinned that was looked up before a wait";

    public override string Story =>
        "A driver wants a page to stay where it is while a device works on it. It looks the page up: frame 0. The page is just being written, so "
        + "the driver waits. While it sleeps, the page is trimmed, the frame is freed and given to another process, and the write "
        + "ends. The driver wakes and pins what it had found: frame 0. The device now works on the other process's memory, and "
        + "the page that was meant can go anywhere.";

    public override string Repair => "A pin is made only when the frame still holds the page; otherwise the driver looks again.";

    public override string Promise => "a frame that is pinned for a page holds that page";

    public override IReadOnlyList<ModelParameter> Parameters { get; } =
    [
        ModelParameter.Number(Drivers, 1, 1, "drivers that pin the page"),
        ModelParameter.Number(Trims, 1, 0, "times that the page is trimmed"),
    ];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (16, 6), fifo: (16, 6), causal: (11, 6), mailbox: (11, 6));

    public override string WordsOf(int which) => "a frame was pinned that belongs to somebody else by now";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new();
        ActorId entryId = stage.Add("PTE", entry);
        entry.Frames = stage.Add("FM", new FrameManager(settings[Trims] + 1, settings[Drivers], settings.IsFixed));
        for (int driver = 1; driver <= settings[Drivers]; driver++)
        {
            stage.AddStarting(FormattableString.Invariant($"D_{driver}"), new Driver(entryId, entry.Frames));
        }

        stage.AddStarting("MPW", new Caller<Wake>(entry.Frames, default));
        stage.AddStarting("K", new Caller<Trim>(entryId, default, settings[Trims]));
    }

    /// <summary>A page that was trimmed comes back in the next frame.</summary>
    private sealed class PageTableEntry : IActor
    {
        private bool _valid = true;
        private int _frame;

        public ActorId Frames { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Look.Kind)
            {
                _frame += _valid ? 0 : 1;
                _valid = true;
                outbox.Send(delivery.Sender, new Found(_frame));
            }
            else if (_valid)
            {
                _valid = false;
                outbox.Send(Frames, new Free(_frame));
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("valid", ref _valid);
            codec.Field("frame", ref _frame);
        }
    }

    private sealed class FrameManager(int frames, int drivers, bool compares) : IActor
    {
        private readonly byte[] _isOthers = new byte[frames];
        private readonly Queue _waiting = new(drivers);
        private bool _written;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Free.Kind: _isOthers[delivery.Read<Free>().Frame] = 1; break;
                case Wake.Kind: WasWritten(outbox); break;
                case Hold.Kind when !_written: _waiting.Add(delivery.Sender.Value); break;
                case Hold.Kind: outbox.Send(delivery.Sender, new Wake()); break;
                case Use.Kind: Pinned(delivery.Read<Use>().What, delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Values("isOthers", _isOthers);
            _waiting.Encode(codec);
            codec.Field("written", ref _written);
        }

        private void WasWritten(Outbox outbox)
        {
            _written = true;
            while (_waiting.Count > 0)
            {
                outbox.Send(new ActorId(_waiting.Take()), new Wake());
            }
        }

        private void Pinned(int frame, ActorId driver, Outbox outbox)
        {
            if (_isOthers[frame] == 0)
            {
                outbox.Send(driver, new Held());
            }
            else if (compares)
            {
                outbox.Send(driver, new Retry());
            }
            else
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class Driver(ActorId entry, ActorId frames) : IActor
    {
        private int _frame;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind or Retry.Kind: outbox.Send(entry, new Look()); break;
                case Found.Kind: FoundFrame(delivery.Read<Found>().What, outbox); break;
                case Wake.Kind: outbox.Send(frames, new Use(_frame)); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("frame", ref _frame);

        private void FoundFrame(int frame, Outbox outbox)
        {
            _frame = frame;
            outbox.Send(frames, new Hold());
        }
    }
}

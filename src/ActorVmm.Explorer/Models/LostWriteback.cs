namespace ActorVmm.Explorer.Models;

/// <summary>
/// A page is stored to while its contents are on their way to disk. The completion of the old version makes the page clean
/// (Linux 1cf35d47712d and 79352894b285).
/// </summary>
public sealed class LostWriteback : RaceModel
{
    private const int OlderCompleted = 0;
    private const int OlderStored = 1;

    public override string Name => "lost-writeback";

    public override string Title => "A page stored to during its write-back is marked clean";

    public override string Story =>
        "A page is trimmed, and version 1 of it is on its way to the disk. Before it arrives a thread faults the page back, "
        + "which costs nothing, because it is still in memory, and stores: version 2. The page is trimmed again. Now the write of "
        + "version 1 completes. The completion finds a page that was waiting to be written, and moves it to the standby list, as "
        + "if version 2 were on disk. When its frame is used for something else, the store is gone.";

    public override string Repair => "A completion makes the page clean only when it wrote the version that the page has.";

    public override string Promise => "a page on standby is on disk as it is";

    public override IReadOnlyList<ModelParameter> Parameters { get; } =
    [
        ModelParameter.Number("faults", 1, 0, "threads that fault the page back and store"),
        ModelParameter.Number("trims", 2, 0, "times the page is trimmed"),
        ModelParameter.Switch("split", "each trim comes from an actor of its own"),
        ModelParameter.Switch("reorder", "what the disk stored last counts too"),
    ];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 30, 8), new(DeliveryModel.Fifo, 8, 1), new(DeliveryModel.Causal, 8, 1), new(DeliveryModel.Mailbox, 3, 0)];

    public override string WordsOf(int which) => which == OlderStored
        ? "the page rests on standby, and an older version of it is what the disk stored last"
        : "the write of an older version completed and moved the page to standby";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        Page page = new(settings.IsFixed);
        ActorId pageId = stage.Add("PG", page);
        Writer writer = new();
        page.Writer = stage.Add("MPW", writer);
        writer.Disk = stage.Add("DISK", new Disk(pageId));
        int managers = settings.Is("split") ? settings["trims"] : 1;
        for (int manager = 1; manager <= managers; manager++)
        {
            stage.AddStarting(
                managers == 1 ? "WSM" : FormattableString.Invariant($"WSM_{manager}"),
                new Caller<Trim>(pageId, default, settings.Is("split") ? 1 : settings["trims"]));
        }

        for (int thread = 1; thread <= settings["faults"]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new Caller<Fault>(pageId, default));
        }
    }

    protected internal override IModelWatch? Watch(ModelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Is("reorder") ? new LatestStored() : null;
    }

    public readonly record struct Fault : IMessage
    {
        public const int Kind = 10_200;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Trim : IMessage
    {
        public const int Kind = 10_201;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Write(int Version) : IMessage
    {
        public const int Kind = 10_202;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Done(int Version) : IMessage
    {
        public const int Kind = 10_203;

        static int IMessage.Kind => Kind;
    }

    /// <summary>The page moved to standby, or left it.</summary>
    public readonly record struct StandbyChanged(int Version, int Standby) : IFact
    {
        public const int Kind = 10_200;

        static int IFact.Kind => Kind;
    }

    /// <summary>The disk stored a version over whatever was there.</summary>
    public readonly record struct VersionStored(int Version) : IFact
    {
        public const int Kind = 10_201;

        static int IFact.Kind => Kind;
    }

    private enum PageState : byte
    {
        Resident,
        Modified,
        Standby,
    }

    private sealed class Page(bool compares) : IActor
    {
        private PageState _state;
        private int _version = 1;

        public ActorId Writer { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind: Stored(outbox); break;
                case Trim.Kind when _state == PageState.Resident: Trimmed(outbox); break;
                case Done.Kind when _state == PageState.Modified: Written(delivery.Read<Done>(), outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("state", ref _state);
            codec.Field("version", ref _version);
        }

        private void Stored(Outbox outbox)
        {
            _state = PageState.Resident;
            _version++;
            outbox.State(new StandbyChanged(_version, 0));
        }

        private void Trimmed(Outbox outbox)
        {
            _state = PageState.Modified;
            outbox.Send(Writer, new Write(_version));
        }

        private void Written(Done done, Outbox outbox)
        {
            if (compares && done.Version != _version)
            {
                return;
            }

            _state = PageState.Standby;
            outbox.State(new StandbyChanged(_version, 1));
            if (done.Version < _version)
            {
                outbox.State(new PromiseBroken(OlderCompleted));
            }
        }
    }

    private sealed class Writer : IActor
    {
        public ActorId Disk { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(Disk, delivery.Read<Write>());

        public void Encode(StateCodec codec)
        {
        }
    }

    private sealed class Disk(ActorId page) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
            int version = delivery.Read<Write>().Version;
            outbox.State(new VersionStored(version));
            outbox.Send(page, new Done(version));
        }

        public void Encode(StateCodec codec)
        {
        }
    }

    /// <summary>
    /// Compares page and disk when everything has come to rest. Earlier, which of two concurrent turns is seen first would be
    /// an accident of the order in which an execution happens to take them.
    /// </summary>
    private sealed class LatestStored : IModelWatch
    {
        private int _version;
        private bool _standby;
        private int _stored;

        public void Begin() => (_version, _standby, _stored) = (1, false, 0);

        public void Heard(in Fact fact)
        {
            if (fact.TryRead(out StandbyChanged page))
            {
                (_version, _standby) = (page.Version, page.Standby != 0);
            }
            else if (fact.TryRead(out VersionStored disk))
            {
                _stored = disk.Version;
            }
        }

        public int? End() => _standby && _stored < _version ? OlderStored : null;
    }
}

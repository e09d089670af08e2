namespace ActorVmm.Explorer.Models;

/// <summary>
/// Windows has one in-page read per page; a thread that faults meanwhile waits for it. Here it starts a read of its own, and the
/// second completion replaces what was stored after the first.
/// </summary>
public sealed class CollidedFault : RaceModel
{
    private const string Threads = "n";

    public override string Name => "collided-fault";

    public override string Title => "A collided fault maps its page twice";

    public override string Story =>
        "Thread A touches a page that is on disk, and a read begins. Thread B touches the same page before the read has "
        + "completed, finds it still missing, and starts a second read into a second frame. The first read completes: A goes on "
        + "and stores. Then the second completes and replaces the mapping by its own frame, which has the contents from before "
        + "the store. A's store is gone, and A has no way of knowing.";

    public override string Repair => "A completion that finds the page in is dismissed; its thread is only told to go on.";

    public override string Promise => "a store is not replaced by an older read";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 2, 1, "threads that fault on the page")];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 30, 8), new(DeliveryModel.Fifo, 12, 2), new(DeliveryModel.Causal, 12, 2), new(DeliveryModel.Mailbox, 12, 2)];

    public override string WordsOf(int which) => "a read completed after a store to the page had been applied, and replaced it";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        Page page = new(settings.IsFixed);
        ActorId pageId = stage.Add("PG", page);
        page.Disk = stage.Add("DISK", new Disk(pageId));
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new Thread(pageId));
        }
    }

    public readonly record struct Fault(int Thread) : IMessage
    {
        public const int Kind = 10_100;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Read(int Thread) : IMessage
    {
        public const int Kind = 10_101;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Done(int Thread) : IMessage
    {
        public const int Kind = 10_102;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Ok : IMessage
    {
        public const int Kind = 10_103;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Store : IMessage
    {
        public const int Kind = 10_104;

        static int IMessage.Kind => Kind;
    }

    private sealed class Page(bool dismisses) : IActor
    {
        private bool _in;
        private bool _stored;

        public ActorId Disk { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind: Faulted(delivery.Read<Fault>(), outbox); break;
                case Done.Kind: ReadDone(delivery.Read<Done>(), outbox); break;
                case Store.Kind: _stored = true; break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("in", ref _in);
            codec.Field("stored", ref _stored);
        }

        private void Faulted(Fault fault, Outbox outbox)
        {
            if (_in)
            {
                outbox.Send(new ActorId(fault.Thread), new Ok());
            }
            else
            {
                outbox.Send(Disk, new Read(fault.Thread));
            }
        }

        private void ReadDone(Done done, Outbox outbox)
        {
            if (_stored && !(dismisses && _in))
            {
                outbox.State(new PromiseBroken(0));
            }

            _in = true;
            outbox.Send(new ActorId(done.Thread), new Ok());
        }
    }

    private sealed class Disk(ActorId page) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(page, new Done(delivery.Read<Read>().Thread));

        public void Encode(StateCodec codec)
        {
        }
    }

    private sealed class Thread(ActorId page) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Ok.Kind)
            {
                outbox.Send(page, new Store());
            }
            else
            {
                outbox.Send(page, new Fault(outbox.Self.Value));
            }
        }

        public void Encode(StateCodec codec)
        {
        }
    }
}

namespace ActorVmm.Explorer.Models;

/// <summary>
/// A freed frame is given out before the zero-page thread has come to it: the new owner sees the old owner's data, or has its own
/// wiped (ReactOS pull request 9506).
/// </summary>
public sealed class UnzeroedPage : RaceModel
{
    private const int DirtyGiven = 0;
    private const int OwnedZeroed = 1;

    public override string Name => "unzeroed-page";

    public override string Title => "A page is given out before it is zeroed";

    public override string Story =>
        "A process exits, and its frame goes to the free list with everything that was in it. The zero-page thread, which runs "
        + "when nobody else wants to, is asked to fill it with zeros. Before it has come to that, another process asks for a page "
        + "and gets the frame as it is: passwords, keys, whatever the first process had. Or worse: the zero-page thread comes to "
        + "the frame afterwards, and wipes the data of its new owner.";

    public override string Repair => "A request never takes from the free list; it waits for a zeroed frame.";

    public override string Promise => "a page given out is zeroed";

    public override IReadOnlyList<ModelParameter> Parameters { get; } =
    [
        ModelParameter.Number("allocs", 1, 0, "threads that ask for a page"),
        ModelParameter.Number("exits", 1, 0, "processes that free one"),
    ];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 3, 1), new(DeliveryModel.Fifo, 3, 1), new(DeliveryModel.Causal, 3, 1), new(DeliveryModel.Mailbox, 3, 1)];

    public override string WordsOf(int which) => which == OwnedZeroed
        ? "a frame was zeroed that has an owner already"
        : "a frame was given out with its former owner's data";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        FrameManager frames = new(settings["exits"], settings["allocs"], settings.IsFixed);
        ActorId framesId = stage.Add("FM", frames);
        frames.Zeroer = stage.Add("ZPT", new ZeroPageThread(framesId));
        for (int frame = 0; frame < settings["exits"]; frame++)
        {
            stage.AddStarting(FormattableString.Invariant($"X_{frame + 1}"), new Caller<Free>(framesId, new Free(frame)));
        }

        for (int thread = 1; thread <= settings["allocs"]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new Caller<Alloc>(framesId, default));
        }
    }

    public readonly record struct Free(int Frame) : IMessage
    {
        public const int Kind = 10_300;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Zero(int Frame) : IMessage
    {
        public const int Kind = 10_301;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Zeroed(int Frame) : IMessage
    {
        public const int Kind = 10_302;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Alloc : IMessage
    {
        public const int Kind = 10_303;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Ok : IMessage
    {
        public const int Kind = 10_304;

        static int IMessage.Kind => Kind;
    }

    private sealed class FrameManager(int frames, int threads, bool onlyZeroed) : IActor
    {
        private readonly byte[] _owned = new byte[frames];
        private readonly Queue _free = new(frames);
        private readonly Queue _zeroed = new(frames);
        private readonly Queue _waiting = new(threads);

        public ActorId Zeroer { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Free.Kind: Freed(delivery.Read<Free>().Frame, outbox); break;
                case Zeroed.Kind: WasZeroed(delivery.Read<Zeroed>().Frame, outbox); break;
                case Alloc.Kind: Asked(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Values("owned", _owned);
            _free.Encode(codec);
            _zeroed.Encode(codec);
            _waiting.Encode(codec);
        }

        private void Freed(int frame, Outbox outbox)
        {
            _free.Add(frame);
            outbox.Send(Zeroer, new Zero(frame));
        }

        private void WasZeroed(int frame, Outbox outbox)
        {
            if (_owned[frame] != 0)
            {
                outbox.State(new PromiseBroken(OwnedZeroed));
                return;
            }

            _free.Remove(frame);
            if (_waiting.Count > 0)
            {
                Give(frame, new ActorId(_waiting.Take()), outbox);
            }
            else
            {
                _zeroed.Add(frame);
            }
        }

        private void Asked(ActorId thread, Outbox outbox)
        {
            if (_zeroed.Count > 0)
            {
                Give(_zeroed.Take(), thread, outbox);
            }
            else if (_free.Count > 0 && !onlyZeroed)
            {
                outbox.State(new PromiseBroken(DirtyGiven));
                Give(_free.Take(), thread, outbox);
            }
            else
            {
                _waiting.Add(thread.Value);
            }
        }

        private void Give(int frame, ActorId thread, Outbox outbox)
        {
            _owned[frame] = 1;
            outbox.Send(thread, new Ok());
        }
    }

    private sealed class ZeroPageThread(ActorId frames) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(frames, new Zeroed(delivery.Read<Zero>().Frame));

        public void Encode(StateCodec codec)
        {
        }
    }
}

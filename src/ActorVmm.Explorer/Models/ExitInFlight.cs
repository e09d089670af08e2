namespace ActorVmm.Explorer.Models;

/// <summary>
/// A process exits while a page of it is being read in. Its frame is freed and given to another process; then the device writes
/// into it (Windows bug checks 0x76 and 0x4E).
/// </summary>
public sealed class ExitInFlight : RaceModel
{
    public override string Name => "exit-in-flight";

    public override string Title => "A process exits while its page is being read in";

    public override string Story =>
        "A thread faults, and the disk begins to read into a frame of its process. The process exits. All its frames are freed, "
        + "this one too, and it goes to the next process that waits for one. The disk knows nothing of processes: it was given "
        + "the address of a frame, and when the data is there, that is where it puts them. The new owner's page is overwritten "
        + "with a page of a process that does not exist any more.";

    public override string Repair => "An exit that finds a read under way leaves the frame until the read is done.";

    public override string Promise => "a read arrives in a frame of the process that asked for it";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number("waiters", 1, 0, "processes that wait for a frame")];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 10, 3), new(DeliveryModel.Fifo, 10, 3), new(DeliveryModel.Causal, 10, 3), new(DeliveryModel.Mailbox, 10, 3)];

    public override string WordsOf(int which) => "a read arrived in a frame that does not belong to the process any more";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        Process process = new(settings.IsFixed);
        FrameManager frames = new(settings["waiters"]);
        ActorId processId = stage.Add("P", process);
        ActorId framesId = stage.Add("FM", frames);
        (process.Frames, frames.Process) = (framesId, processId);
        process.Disk = stage.Add("DISK", new Disk(framesId));
        stage.AddStarting("T", new Caller<Fault>(processId, default));
        stage.AddStarting("EX", new Caller<Exit>(processId, default));
        for (int waiter = 1; waiter <= settings["waiters"]; waiter++)
        {
            stage.AddStarting(FormattableString.Invariant($"Q_{waiter}"), new Caller<Alloc>(framesId, default));
        }
    }

    public readonly record struct Fault : IMessage
    {
        public const int Kind = 10_400;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Read : IMessage
    {
        public const int Kind = 10_401;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Dma : IMessage
    {
        public const int Kind = 10_402;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Done : IMessage
    {
        public const int Kind = 10_403;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Exit : IMessage
    {
        public const int Kind = 10_404;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Free : IMessage
    {
        public const int Kind = 10_405;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Alloc : IMessage
    {
        public const int Kind = 10_406;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Grant : IMessage
    {
        public const int Kind = 10_407;

        static int IMessage.Kind => Kind;
    }

    private enum PageState : byte
    {
        None,
        Reading,
        In,
    }

    private sealed class Process(bool defers) : IActor
    {
        private PageState _page;
        private bool _exited;
        private bool _freesLater;

        public ActorId Disk { get; set; }

        public ActorId Frames { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind when !_exited: Faulted(outbox); break;
                case Done.Kind: ReadDone(outbox); break;
                case Exit.Kind: Exited(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("page", ref _page);
            codec.Field("exited", ref _exited);
            codec.Field("freesLater", ref _freesLater);
        }

        private void Faulted(Outbox outbox)
        {
            _page = PageState.Reading;
            outbox.Send(Disk, new Read());
        }

        private void ReadDone(Outbox outbox)
        {
            _page = PageState.In;
            if (_freesLater)
            {
                outbox.Send(Frames, new Free());
            }
        }

        private void Exited(Outbox outbox)
        {
            _exited = true;
            if (_page == PageState.Reading && defers)
            {
                _freesLater = true;
            }
            else if (_page != PageState.None)
            {
                outbox.Send(Frames, new Free());
            }
        }
    }

    private sealed class Disk(ActorId frames) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(frames, new Dma());

        public void Encode(StateCodec codec)
        {
        }
    }

    private sealed class FrameManager(int waiters) : IActor
    {
        private readonly Queue _waiting = new(waiters);
        private bool _free;
        private int _owner;

        public ActorId Process { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Alloc.Kind: Asked(delivery.Sender, outbox); break;
                case Free.Kind: Freed(outbox); break;
                case Dma.Kind: Arrived(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            _waiting.Encode(codec);
            codec.Field("free", ref _free);
            codec.Field("owner", ref _owner);
        }

        private void Asked(ActorId waiter, Outbox outbox)
        {
            if (_free)
            {
                Give(waiter, outbox);
            }
            else
            {
                _waiting.Add(waiter.Value);
            }
        }

        private void Freed(Outbox outbox)
        {
            _free = true;
            if (_waiting.Count > 0)
            {
                Give(new ActorId(_waiting.Take()), outbox);
            }
        }

        /// <summary>The process owns the frame until it is freed; from then on it is free or another's.</summary>
        private void Arrived(Outbox outbox)
        {
            if (_free || _owner != 0)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(Process, new Done());
        }

        private void Give(ActorId waiter, Outbox outbox)
        {
            (_free, _owner) = (false, waiter.Value);
            outbox.Send(waiter, new Grant());
        }
    }
}

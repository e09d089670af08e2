using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A fault holds the working-set lock and waits for a frame; the trimmer waits for the lock; the writer, which would free a frame,
/// waits for what the trimmer brings (ReactOS #3798, #8173).
/// </summary>
public sealed class ThreeWayWait : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(29, new ThreeWayWait())
    {
        Source = "ReactOS pull requests #3798 and #8173 (locking of working sets)",
        Actors = "T_i fault; WS is the working-set lock; FM has no frame left; WSM trims; MPW writes modified pages and frees their frames.",
        InWindows =
            "A fault that finds no frame lets its locks go, wakes the working-set manager and the writer, and only then waits; afterwards the "
            + "instruction runs again from scratch (fact book §16.2 step 8, §17 R11). The writer never waits for memory or for a lock that "
            + "a fault may hold (R12), and the order of locks is the same everywhere.",
        Repaired = Counts.Clean(bag: 14, fifo: 8, causal: 8, mailbox: 6),
        FoundWithin = 10,
    };

    public override string Name => "three-way-wait";

    public override string Title => "A fault, the trimmer and the writer wait for each other";

    public override string Story =>
        "Memory is full. A thread faults: it takes the lock of its working set and asks for a frame. There is none, so it waits, with the lock in "
        + "its hand. The working-set manager wants to help and trim the process; it needs the lock, and waits. The page writer would "
        + "write a modified page and free its frame; it waits for the working-set manager to bring one. Each of the three waits for the "
        + "next, and the machine stands still. Had the manager come to the lock first, all would have gone well. No state of this "
        + "machine is wrong; what is promised is that waiting ends.";

    public override string Repair => "A thread lets the lock go before it waits for memory, and takes it again afterwards.";

    public override string Promise => "who waits for memory goes on in the end";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 1, 1, "threads that fault; as many pages can be trimmed")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (7, 1), fifo: (5, 1), causal: (5, 1), mailbox: (5, 1));

    public override string WordsOf(int which) => "a thread waits for a frame, and holds the lock without which none will be freed";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        int threads = settings[Threads];
        ActorId lockId = stage.Add("WS", new FairLock(threads + 1));
        ActorId framesId = stage.Add("FM", new FrameManager(threads));
        ActorId writerId = stage.Add("MPW", new ModifiedPageWriter(framesId));
        stage.AddStarting("WSM", new WorkingSetManager(lockId, writerId, threads));
        for (int thread = 1; thread <= threads; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(lockId, framesId, settings.IsFixed));
        }
    }

    private sealed class FaultingThread(ActorId lockId, ActorId frames, bool letsGo) : IActor
    {
        private bool _hasFrame;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(lockId, new Enter()); break;
                case Granted.Kind when _hasFrame: outbox.Send(lockId, new Leave()); break;
                case Granted.Kind: outbox.Send(frames, new Alloc()); break;
                case NoMemory.Kind: MemoryIsFull(outbox); break;
                case Ok.Kind: GotFrame(outbox); break;
                case Wake.Kind: MemoryIsThere(outbox); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("hasFrame", ref _hasFrame);

        private void MemoryIsFull(Outbox outbox)
        {
            if (letsGo)
            {
                outbox.Send(lockId, new Leave());
            }
        }

        private void GotFrame(Outbox outbox)
        {
            _hasFrame = true;
            outbox.Send(lockId, new Leave());
        }

        private void MemoryIsThere(Outbox outbox)
        {
            _hasFrame = true;
            if (letsGo)
            {
                outbox.Send(lockId, new Enter());
            }
            else
            {
                outbox.Send(lockId, new Leave());
            }
        }
    }

    private sealed class FrameManager(int threads) : IActor
    {
        private readonly Queue _waiting = new(threads);
        private int _free;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Alloc.Kind)
            {
                Asked(delivery.Sender, outbox);
            }
            else
            {
                Freed(outbox);
            }
        }

        public void Encode(StateCodec codec)
        {
            _waiting.Encode(codec);
            codec.Field("free", ref _free);
        }

        private void Asked(ActorId thread, Outbox outbox)
        {
            if (_free > 0)
            {
                _free--;
                outbox.Send(thread, new Ok());
                return;
            }

            _waiting.Add(thread.Value);
            outbox.State(new HotBegan(thread.Value, 0));
            outbox.Send(thread, new NoMemory());
        }

        private void Freed(Outbox outbox)
        {
            if (_waiting.Count == 0)
            {
                _free++;
                return;
            }

            int thread = _waiting.Take();
            outbox.State(new HotEnded(thread));
            outbox.Send(new ActorId(thread), new Wake());
        }
    }

    private sealed class WorkingSetManager(ActorId lockId, ActorId writer, int pages) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Start.Kind)
            {
                outbox.Send(lockId, new Enter());
                return;
            }

            for (int page = 0; page < pages; page++)
            {
                outbox.Send(writer, new Write());
            }

            outbox.Send(lockId, new Leave());
        }
    }

    private sealed class ModifiedPageWriter(ActorId frames) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(frames, new Free());
    }
}

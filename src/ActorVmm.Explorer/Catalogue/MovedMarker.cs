using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The end of a migration visits every place where it left a marker. A remap moves the marker from a place not yet visited to one
/// that was: it stays, and a thread that finds it waits for ever (Linux dd18dbc2d42a).
/// </summary>
public sealed class MovedMarker : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(19, new MovedMarker())
    {
        Source = "Linux commit dd18dbc2d42a",
        Actors = "MIG ends a migration: it visits NEW, then OLD, two places in page tables; MV remaps from OLD to NEW and touches the page there; T_i touch it too; RMAP is a lock.",
        InWindows =
            "A page in motion is one transition PTE, and the PFN entry knows that PTE's address (fact book §15.1): nobody walks to find it. Views "
            + "do not move either; there is no call that takes pages from one address to another. Who waits, waits on an event of the "
            + "read itself (§17 R1), not for a place in a table to change.",
        Repaired = Counts.Clean(bag: 6, fifo: 6, causal: 6, mailbox: 4),
        FoundWithin = 10,
    };

    public override string Name => "moved-marker";

    public override string Title => "A migration's marker moves behind the walk that removes it";

    public override string Story =>
        "While a page migrates, a marker stands in each PTE that mapped it, and who touches the page waits until the marker is gone. When the "
        + "copy is done, the kernel walks over all places that may have a marker and puts the page back. At the same time the process remaps "
        + "the memory: the PTE is taken from its old place, and put into its new one. The walk has visited the new place before and found it "
        + "empty; it visits the old place now and finds it empty again. The marker was in between, and stays. The process touches the "
        + "page at its new address, and waits for a migration that ended long ago. Nothing crashes; something just never happens, so only "
        + "a promise about the end can catch it.";

    public override string Repair => "The walk and the move take the same lock, each for all of its steps.";

    public override string Promise => "who waits for a migration goes on in the end";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 0, 0, "other threads that touch the page at its new address")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (4, 1), fifo: (4, 1), causal: (4, 1), mailbox: (4, 1));

    public override string WordsOf(int which) => "a thread waits at a marker that nobody will remove";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId newId = stage.Add("NEW", new Place(PlaceContent.Nothing, settings[Threads] + 1));
        ActorId oldId = stage.Add("OLD", new Place(PlaceContent.Marker, waiters: 0));
        ActorId lockId = settings.IsFixed ? stage.Add("RMAP", new FairLock(2)) : ActorId.Outside;
        stage.AddStarting("MIG", new MigrationEnd(newId, oldId, lockId));
        stage.AddStarting("MV", new Mover(oldId, newId, lockId));
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(newId, stores: false));
        }
    }

    private enum PlaceContent : byte
    {
        Nothing,
        Marker,
        Page,
    }

    private sealed class Place(PlaceContent content, int waiters) : IActor
    {
        private readonly Queue _waiting = new(waiters);
        private PlaceContent _content = content;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Wake.Kind: Visited(delivery.Sender, outbox); break;
                case Remove.Kind: Taken(delivery.Sender, outbox); break;
                case Map.Kind: Filled(delivery.Read<Map>(), delivery.Sender, outbox); break;
                case Fault.Kind when _content == PlaceContent.Marker: Waits(delivery.Sender, outbox); break;
                case Fault.Kind: outbox.Send(delivery.Sender, new Ok()); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            _waiting.Encode(codec);
            codec.Field("content", ref _content);
        }

        private void Visited(ActorId migration, Outbox outbox)
        {
            _content = _content == PlaceContent.Marker ? PlaceContent.Page : _content;
            while (_waiting.Count > 0)
            {
                int thread = _waiting.Take();
                outbox.State(new HotEnded(thread));
                outbox.Send(new ActorId(thread), new Ok());
            }

            outbox.Send(migration, new Ok());
        }

        private void Taken(ActorId mover, Outbox outbox)
        {
            outbox.Send(mover, new Found((int)_content));
            _content = PlaceContent.Nothing;
        }

        private void Filled(Map what, ActorId mover, Outbox outbox)
        {
            _content = (PlaceContent)what.Page;
            outbox.Send(mover, new Placed());
        }

        private void Waits(ActorId thread, Outbox outbox)
        {
            _waiting.Add(thread.Value);
            outbox.State(new HotBegan(thread.Value, 0));
        }
    }

    /// <summary>Visits one place after the other; with a lock, takes it first and lets it go at the end.</summary>
    private sealed class MigrationEnd(ActorId first, ActorId second, ActorId lockId) : IActor
    {
        private int _visited;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Start.Kind && !lockId.IsOutside)
            {
                outbox.Send(lockId, new Enter());
            }
            else if (delivery.Kind == Ok.Kind && ++_visited == 2)
            {
                LetGo(lockId, outbox);
            }
            else
            {
                outbox.Send(_visited == 0 ? first : second, new Wake());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("visited", ref _visited);
    }

    private sealed class Mover(ActorId from, ActorId to, ActorId lockId) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind when !lockId.IsOutside: outbox.Send(lockId, new Enter()); break;
                case Start.Kind or Granted.Kind: outbox.Send(from, new Remove()); break;
                case Found.Kind: outbox.Send(to, new Map(delivery.Read<Found>().What)); break;
                case Placed.Kind: Moved(outbox); break;
            }
        }

        private void Moved(Outbox outbox)
        {
            LetGo(lockId, outbox);
            outbox.Send(to, new Fault());
        }
    }

    private static void LetGo(ActorId lockId, Outbox outbox)
    {
        if (!lockId.IsOutside)
        {
            outbox.Send(lockId, new Leave());
        }
    }
}

using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A fault walks the page tables. The table it has just found is freed and used again as a data page, and the PTE is written into
/// the data (Linux 2ba99c5e0881).
/// </summary>
public sealed class FreedPageTable : RaceModel
{
    private const string Walkers = "walkers";

    public static CatalogueEntry Entry { get; } = new(27, new FreedPageTable())
    {
        Source = "Linux commit 2ba99c5e0881",
        Actors = "W_i walk the tables for a fault; PDE is the directory entry; X frees the table; FR is the frame that the table is in.",
        InWindows =
            "A page table is a page like others, with a count of the entries in it that are used, and a fault holds the working-set lock from the "
            + "first level to the last (fact book §16.2 steps 2 and 3). A table with entries that mean something is not freed or trimmed; that "
            + "holds for tables of prototype PTEs too (§17 R23).",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 3),
        FoundWithin = 10,
    };

    public override string Name => "freed-page-table";

    public override string Title => "A page table is freed under a walk";

    public override string Story =>
        "To resolve a fault the kernel walks down: the directory entry gives the page table, the page table has the PTE. Between the two steps "
        + "another thread finds that the table is not needed any more, clears the directory entry and frees the table. Its frame is "
        + "given to a program as a data page. The walk goes on with the address that it has, and writes a PTE: eight bytes into the "
        + "middle of somebody's data, and a mapping that nobody will ever find.";

    public override string Repair => "A walk counts itself in at the directory; a table is freed when the last walk has left it.";

    public override string Promise => "a PTE is written into a page table";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Walkers, 1, 1, "threads that fault")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (4, 1), fifo: (4, 1), causal: (4, 1), mailbox: (4, 1));

    public override string WordsOf(int which) => "a PTE was written into a frame that had become a data page";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId frameId = stage.Add("FR", new TableFrame());
        ActorId directoryId = stage.Add("PDE", new DirectoryEntry(frameId, settings.IsFixed));
        for (int walker = 1; walker <= settings[Walkers]; walker++)
        {
            stage.AddStarting(FormattableString.Invariant($"W_{walker}"), new Walker(directoryId, frameId));
        }

        stage.AddStarting("X", new Caller<Remove>(directoryId, default));
    }

    private sealed class DirectoryEntry(ActorId frame, bool counts) : IActor
    {
        private bool _removed;
        private int _walks;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Look.Kind when _removed: outbox.Send(delivery.Sender, new Failed()); break;
                case Look.Kind: Entered(delivery.Sender, outbox); break;
                case Leave.Kind: Left(outbox); break;
                case Remove.Kind: Removed(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("removed", ref _removed);
            codec.Field("walks", ref _walks);
        }

        private void Entered(ActorId walker, Outbox outbox)
        {
            _walks++;
            outbox.Send(walker, new Found());
        }

        private void Left(Outbox outbox)
        {
            if (--_walks == 0 && _removed && counts)
            {
                outbox.Send(frame, new Free());
            }
        }

        private void Removed(Outbox outbox)
        {
            _removed = true;
            if (_walks == 0 || !counts)
            {
                outbox.Send(frame, new Free());
            }
        }
    }

    private sealed class Walker(ActorId directory, ActorId table) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(directory, new Look()); break;
                case Found.Kind: outbox.Send(table, new Install()); break;
                case Placed.Kind: outbox.Send(directory, new Leave()); break;
            }
        }
    }

    private sealed class TableFrame : IActor
    {
        private bool _isData;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Free.Kind)
            {
                _isData = true;
                return;
            }

            if (_isData)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(delivery.Sender, new Placed());
        }

        public void Encode(StateCodec codec) => codec.Field("isData", ref _isData);
    }
}

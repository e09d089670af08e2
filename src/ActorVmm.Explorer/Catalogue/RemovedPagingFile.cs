using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A paging file is removed while a thread is between reading a PTE and looking up the slot that it names (Linux eb085574a752).
/// </summary>
public sealed class RemovedPagingFile : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(10, new RemovedPagingFile())
    {
        Source = "Linux commit eb085574a752",
        Actors = "T_i fault; PTE is the page's entry; PF is the paging file with the table of its slots; R removes the file.",
        InWindows =
            "A paging file in use is never removed; a file that is dropped from the configuration goes at the next start of the system, when "
            + "nobody can be in the middle of a fault. What is left of the race is the rule for slots: one is freed only when no PTE, "
            + "no PFN entry and no transfer refers to it (fact book §17 R19, §21).",
        Repaired = Counts.Clean(bag: 7, fifo: 7, causal: 7, mailbox: 7),
        FoundWithin = 10,
    };

    public override string Name => "removed-paging-file";

    public override string Title => "A paging file goes away under a fault";

    public override string Story =>
        "A thread faults and reads in the PTE that its page is in a slot of a paging file. It finds the file's table of slots. Meanwhile the "
        + "file is being removed: every page in it is brought into memory, the PTE is told, and when the last page is in, the table is "
        + "freed. The thread still has its pointer, follows it, and reads freed memory: at best a crash, at worst somebody else's data "
        + "taken for a slot.";

    public override string Repair => "A thread holds the table while it uses it; a removed file cannot be held, and is freed when nobody holds it.";

    public override string Promise => "nobody uses the table of a paging file that is gone";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 1, 1, "threads that fault on the page")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (7, 3), fifo: (7, 3), causal: (7, 3), mailbox: (7, 3));

    public override string WordsOf(int which) => "a thread used the table of slots after it had been freed";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId entryId = stage.Add("PTE", new PageTableEntry());
        ActorId fileId = stage.Add("PF", new PagingFile(entryId, settings.IsFixed));
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(entryId, fileId));
        }

        stage.AddStarting("R", new Caller<Remove>(fileId, default));
    }

    private sealed class PageTableEntry : IActor
    {
        private bool _valid;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Look.Kind when _valid: outbox.Send(delivery.Sender, new Ok()); break;
                case Look.Kind: outbox.Send(delivery.Sender, new Found()); break;
                case Map.Kind: BroughtIn(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("valid", ref _valid);

        private void BroughtIn(ActorId file, Outbox outbox)
        {
            _valid = true;
            outbox.Send(file, new Placed());
        }
    }

    private sealed class PagingFile(ActorId entry, bool counts) : IActor
    {
        private bool _emptied;
        private int _holders;

        private bool IsFreed => _emptied && (!counts || _holders == 0);

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Remove.Kind: outbox.Send(entry, new Map()); break;
                case Placed.Kind: _emptied = true; break;
                case Hold.Kind when counts && IsFreed: outbox.Send(delivery.Sender, new Retry()); break;
                case Hold.Kind: WasHeld(delivery.Sender, outbox); break;
                case Use.Kind: Used(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("emptied", ref _emptied);
            codec.Field("holders", ref _holders);
        }

        private void WasHeld(ActorId thread, Outbox outbox)
        {
            _holders++;
            outbox.Send(thread, new Held());
        }

        private void Used(Outbox outbox)
        {
            if (IsFreed)
            {
                outbox.State(new PromiseBroken(0));
            }

            _holders--;
        }
    }

    private sealed class FaultingThread(ActorId entry, ActorId file) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind or Retry.Kind: outbox.Send(entry, new Look()); break;
                case Found.Kind: outbox.Send(file, new Hold()); break;
                case Held.Kind: outbox.Send(file, new Use()); break;
            }
        }
    }
}

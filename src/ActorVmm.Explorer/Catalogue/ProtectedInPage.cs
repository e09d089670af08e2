using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A page is being read in to be writable when it is made read-only. The read completes and installs the right that the page had
/// (fact book §17, R2 and R14).
/// </summary>
public sealed class ProtectedInPage : RaceModel
{
    public static CatalogueEntry Entry { get; } = new(3, new ProtectedInPage())
    {
        Source = "Windows rule: a fault reads the PTE anew after it has the locks again (fact book §17 R2, R14)",
        Actors = "T faults and stores; PTE is the page's entry; DISK reads; P protects.",
        InWindows =
            "NtProtectVirtualMemory rewrites the PTE under the working-set lock, transition PTEs included: the protection travels in the "
            + "PTE itself. A completing fault builds the valid PTE from what it finds there, not from what it remembers (fact book §17 R2, R14).",
        Repaired = Counts.Clean(bag: 4, fifo: 4, causal: 4, mailbox: 4),
        FoundWithin = 10,
        Rule = KernelRule.InPageRecheck,
    };

    public override string Name => "protected-in-page";

    public override string Title => "An in-page read completes with a right that was taken away";

    public override string Story =>
        "A thread touches a page that is readable and writable, and the disk begins to read it. Another thread makes the page read-only "
        + "and is told that this is done. The read completes. It remembers that the page was to be writable, and writes a valid, "
        + "writable PTE. The first thread stores, and nothing stops it: a page that is promised not to change has changed.";

    public override string Repair => "The completion takes the right from the PTE as it is now.";

    public override string Promise => "no store succeeds in a page that is read-only";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (4, 1), fifo: (4, 1), causal: (4, 1), mailbox: (4, 1));

    public override string WordsOf(int which) => "a store succeeded in a page that had been made read-only";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTableEntry entry = new(settings.IsFixed);
        ActorId entryId = stage.Add("PTE", entry);
        entry.Disk = stage.Add("DISK", new Disk());
        entry.Thread = stage.AddStarting("T", new FaultingThread(entryId, stores: true));
        stage.AddStarting("P", new Caller<Protect>(entryId, default));
    }

    private sealed class PageTableEntry(bool looksAgain) : IActor
    {
        private const int ReadOnly = 0;
        private const int ReadWrite = 1;
        private int _protection = ReadWrite;
        private bool _writable;

        public ActorId Disk { get; set; }

        public ActorId Thread { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind: outbox.Send(Disk, new Read(_protection)); break;
                case Protect.Kind: (_protection, _writable) = (ReadOnly, false); break;
                case ReadDone.Kind: Completed(delivery.Read<ReadDone>().Tag, outbox); break;
                case Store.Kind: Stored(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("protection", ref _protection);
            codec.Field("writable", ref _writable);
        }

        private void Completed(int remembered, Outbox outbox)
        {
            _writable = (looksAgain ? _protection : remembered) == ReadWrite;
            outbox.Send(Thread, new Ok());
        }

        private void Stored(Outbox outbox)
        {
            if (!_writable)
            {
                outbox.Send(Thread, new Failed());
            }
            else if (_protection == ReadOnly)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }
}

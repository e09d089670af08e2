using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A kernel's store to a read-only private mapping makes a copy, then looks the page up as if it only read. If the copy was
/// discarded in between, it finds the shared original, and the store lands there (CVE-2016-5195).
/// </summary>
public sealed class DirtyCow : RaceModel
{
    private const string Discards = "discards";

    public static CatalogueEntry Entry { get; } = new(12, new DirtyCow())
    {
        Source = "CVE-2016-5195 (Dirty COW)",
        Actors = "W stores through the kernel; PTE is the entry of a private view of a file; D discards; FILE is the page of the file.",
        InWindows =
            "Probing for a write touches the page with a write, which resolves copy-on-write, and then looks at the PTE under the lock: valid and "
            + "writable, or the whole is tried again as a write (MmProbeAndLockPages, fact book §24 and §17 R18). That it was to be a write "
            + "is never forgotten between two tries.",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 3),
        FoundWithin = 10,
    };

    public override string Name => "dirty-cow";

    public override string Title => "A store lands in the shared original of a private page";

    public override string Story =>
        "A program maps a file that it may only read, privately, and asks the kernel to write there on its behalf; it is to get a copy of its "
        + "own. The kernel faults for a write: the page is copied. It then looks the page up again. Because the copy has been made, it "
        + "does not ask for the right to write a second time; it looks the page up as a reader would. Between the two steps a second thread "
        + "discards the copy. The lookup finds nothing, faults for a read, and gets the page of the file itself. The kernel stores there. "
        + "Anybody could change files that they may only read, such as the one that says who is the administrator.";

    public override string Repair => "The second look is one for writing too: when the copy is gone, it is made again.";

    public override string Promise => "a private store never reaches the file";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Discards, 1, 0, "times that the copy is discarded")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (3, 1), fifo: (3, 1), causal: (3, 1), mailbox: (3, 1));

    public override string WordsOf(int which) => "a store to a private view landed in the page of the file";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId fileId = stage.Add("FILE", new FilePages());
        ActorId entryId = stage.Add("PTE", new PageTableEntry());
        stage.AddStarting("W", new KernelWriter(entryId, fileId, settings.IsFixed));
        stage.AddStarting("D", new Caller<Discard>(entryId, default, settings[Discards]));
    }

    private enum Mapping : byte
    {
        None,
        Original,
        Copy,
    }

    /// <summary>A store makes the copy; a load maps the original.</summary>
    private sealed class PageTableEntry : IActor
    {
        private Mapping _mapping = Mapping.Original;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Discard.Kind: _mapping = Mapping.None; break;
                case Store.Kind when _mapping != Mapping.Copy: Copied(delivery.Sender, outbox); break;
                case Load.Kind or Store.Kind: LookedUp(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("mapping", ref _mapping);

        private void Copied(ActorId writer, Outbox outbox)
        {
            _mapping = Mapping.Copy;
            outbox.Send(writer, new Retry());
        }

        private void LookedUp(ActorId writer, Outbox outbox)
        {
            _mapping = _mapping == Mapping.None ? Mapping.Original : _mapping;
            outbox.Send(writer, new Found((int)_mapping));
        }
    }

    private sealed class KernelWriter(ActorId entry, ActorId file, bool remembers) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(entry, new Store()); break;
                case Retry.Kind when remembers: outbox.Send(entry, new Store()); break;
                case Retry.Kind: outbox.Send(entry, new Load()); break;
                case Found.Kind: outbox.Send(file, new Use(delivery.Read<Found>().What)); break;
            }
        }
    }

    private sealed class FilePages : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Read<Use>().What != (int)Mapping.Copy)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }
}

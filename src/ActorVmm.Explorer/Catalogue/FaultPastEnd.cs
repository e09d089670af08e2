using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A file is truncated: its pages are unmapped, then dropped. A fault in between finds the page still there and maps it again,
/// beyond the end (Linux 4aae8d1c051e, 16a100190d39).
/// </summary>
public sealed class FaultPastEnd : RaceModel
{
    private const string Threads = "threads";

    public static CatalogueEntry Entry { get; } = new(21, new FaultPastEnd())
    {
        Source = "Linux commits 4aae8d1c051e and 16a100190d39",
        Actors = "T_i fault; PT is the page table; FILE has the size and the pages; TR truncates.",
        InWindows =
            "A file cannot be truncated below the end of a mapped view: the call fails with USER_MAPPED_FILE (fact book §13.5). Where a "
            + "section is deleted with work under way, it is marked as being deleted and new faults are refused, until the count of "
            + "references is zero (§17 R8).",
        Repaired = Counts.Of(bag: (6, 1), fifo: (3, 0), causal: (3, 0), mailbox: (3, 0)),
        Limits =
            "Not in bag: there the answer to an earlier fault may be overtaken by the unmap that was sent after it. What is asked of one page "
            + "table must be heard in order.",
        FoundWithin = 10,
    };

    public override string Name => "fault-past-end";

    public override string Title => "A fault maps a page beyond the end of a truncated file";

    public override string Story =>
        "A mapped file is truncated. The kernel sets the new size, takes the mappings of the pages beyond it away, and then drops those pages. "
        + "Between the second step and the third a thread touches one of them. The fault finds the page in the cache, as it has always been, "
        + "and maps it. Then the page is dropped from the file, but the process keeps it: what it stores there is never "
        + "written, and a file that grows again has a different page at that place.";

    public override string Repair => "A fault compares with the size of the file at the moment in which it takes the page.";

    public override string Promise => "no page beyond the end of its file is mapped";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Threads, 1, 1, "threads that touch the page")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (7, 3), fifo: (3, 1), causal: (3, 1), mailbox: (3, 1));

    public override string WordsOf(int which) => "a page was mapped after the pages beyond the end had been unmapped";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        PageTable table = new();
        MappedFile file = new(settings.IsFixed);
        ActorId tableId = stage.Add("PT", table);
        ActorId fileId = stage.Add("FILE", file);
        (table.File, file.Table) = (fileId, tableId);
        for (int thread = 1; thread <= settings[Threads]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"T_{thread}"), new FaultingThread(tableId, stores: false));
        }

        stage.AddStarting("TR", new Caller<Remove>(fileId, default));
    }

    private sealed class PageTable : IActor
    {
        private bool _mapped;
        private bool _unmapped;

        public ActorId File { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind when _mapped: outbox.Send(delivery.Sender, new Ok()); break;
                case Fault.Kind: outbox.Send(File, new Read(delivery.Sender.Value)); break;
                case ReadDone.Kind: Mapped(delivery.Read<ReadDone>().Tag, outbox); break;
                case Unmap.Kind: WasUnmapped(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("mapped", ref _mapped);
            codec.Field("unmapped", ref _unmapped);
        }

        private void Mapped(int thread, Outbox outbox)
        {
            _mapped = true;
            if (_unmapped)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(new ActorId(thread), new Ok());
        }

        private void WasUnmapped(Outbox outbox)
        {
            (_mapped, _unmapped) = (false, true);
            outbox.Send(File, new Unmapped());
        }
    }

    private sealed class MappedFile(bool comparesSize) : IActor
    {
        private bool _truncated;
        private bool _cached = true;

        public ActorId Table { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Remove.Kind: Truncated(outbox); break;
                case Unmapped.Kind: _cached = false; break;
                case Read.Kind: Asked(delivery.Read<Read>().Tag, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("truncated", ref _truncated);
            codec.Field("cached", ref _cached);
        }

        private void Truncated(Outbox outbox)
        {
            _truncated = true;
            outbox.Send(Table, new Unmap());
        }

        private void Asked(int thread, Outbox outbox)
        {
            if (!_cached || (comparesSize && _truncated))
            {
                outbox.Send(new ActorId(thread), new Failed());
            }
            else
            {
                outbox.Send(Table, new ReadDone(thread, 0));
            }
        }
    }
}

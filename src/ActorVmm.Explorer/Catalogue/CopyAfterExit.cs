using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A page is copied into another process, which exits while the source is being read. A new process takes its place, and the page
/// lands there (Linux df2cc96e7701).
/// </summary>
public sealed class CopyAfterExit : RaceModel
{
    private const string Copies = "copies";

    public static CatalogueEntry Entry { get; } = new(26, new CopyAfterExit())
    {
        Source = "Linux commit df2cc96e7701",
        Actors = "K_i copy into a process; PS is the place in the table of processes; DISK has the source; X ends the process; N creates another.",
        InWindows =
            "Who works on another process holds a reference to it, and a reference on its address space while attached; the place of a process is not "
            + "used again before the last is gone. A process with pages locked by a transfer must not end: bug check 0x76, "
            + "PROCESS_HAS_LOCKED_PAGES (fact book §24).",
        Repaired = Counts.Clean(bag: 11, fifo: 11, causal: 11, mailbox: 11),
        FoundWithin = 10,
    };

    public override string Name => "copy-after-exit";

    public override string Title => "A copy into another process goes on after its exit";

    public override string Story =>
        "A service copies a page into another process: it looks the process up, reads the source, which takes its time, and installs the page. "
        + "While it reads, the process ends. Its place in the table is free and the next process to be created takes it. The service comes "
        + "back with the page, finds a process where it had found one before, and installs the page there. Data of one process lies in "
        + "another, at an address that the other did not even ask about.";

    public override string Repair => "At the end the copy compares who is there with whom it was for; if it is somebody else, the page is dropped.";

    public override string Promise => "a page lands in the process that it was copied for";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Copies, 1, 1, "pages that are copied, each by somebody else")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (11, 3), fifo: (11, 3), causal: (11, 3), mailbox: (11, 3));

    public override string WordsOf(int which) => "a page was installed in another process than the one it was copied for";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId placeId = stage.Add("PS", new ProcessPlace(settings.IsFixed));
        ActorId diskId = stage.Add("DISK", new Disk());
        for (int copier = 1; copier <= settings[Copies]; copier++)
        {
            stage.AddStarting(FormattableString.Invariant($"K_{copier}"), new Copier(placeId, diskId));
        }

        stage.AddStarting("X", new Caller<Exit>(placeId, default));
        stage.AddStarting("N", new Caller<Alloc>(placeId, default));
    }

    private sealed class ProcessPlace(bool compares) : IActor
    {
        private const int Nobody = 0;
        private const int Old = 1;
        private const int New = 2;
        private int _process = Old;
        private bool _wanted;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Look.Kind when _process == Old: outbox.Send(delivery.Sender, new Found(_process)); break;
                case Look.Kind: outbox.Send(delivery.Sender, new Failed()); break;
                case Install.Kind: Installed(delivery.Read<Install>().What, delivery.Sender, outbox); break;
                case Exit.Kind: _process = _wanted ? New : Nobody; break;
                case Alloc.Kind when _process == Nobody: _process = New; break;
                case Alloc.Kind: _wanted = true; break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("process", ref _process);
            codec.Field("wanted", ref _wanted);
        }

        private void Installed(int meant, ActorId copier, Outbox outbox)
        {
            if (_process == Nobody || (compares && _process != meant))
            {
                outbox.Send(copier, new Failed());
                return;
            }

            if (_process != meant)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(copier, new Ok());
        }
    }

    private sealed class Copier(ActorId place, ActorId disk) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(place, new Look()); break;
                case Found.Kind: outbox.Send(disk, new Read(delivery.Read<Found>().What)); break;
                case ReadDone.Kind: outbox.Send(place, new Install(0, delivery.Read<ReadDone>().Tag)); break;
            }
        }
    }
}

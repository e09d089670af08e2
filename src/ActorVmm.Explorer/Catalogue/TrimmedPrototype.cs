using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A process waits for a shared page that another reads in. The page comes, is trimmed, and then the process wakes and takes it
/// for valid (fact book §16.6, §17 R1 and R5).
/// </summary>
public sealed class TrimmedPrototype : RaceModel
{
    private const string Processes = "processes";

    public static CatalogueEntry Entry { get; } = new(4, new TrimmedPrototype())
    {
        Source = "Windows rule: who waited for a collided fault faults again (fact book §17 R1, R5)",
        Actors = "P_i are processes that share the page; PROTO is its prototype PTE; DISK reads; WSM trims.",
        InWindows =
            "A thread that waited for another's read is not handed the page. It wakes with no lock held and runs its instruction "
            + "again; the fault finds the prototype PTE valid, in transition (a soft fault then), or on its way to disk. Exactly one "
            + "read was made in any case (fact book §16.6, §17 R1).",
        Repaired = Counts.Clean(bag: 18, fifo: 18, causal: 18, mailbox: 18),
        FoundWithin = 20,
    };

    public override string Name => "trimmed-prototype";

    public override string Title => "A shared page is trimmed before the one who waited for it wakes";

    public override string Story =>
        "Two processes fault on one page of a section. The first starts the read; the second finds it under way and waits. The read "
        + "completes, the first process maps the page, and the second is woken. Before it runs, memory is short: the page is trimmed "
        + "from the only working set that has it, and its prototype PTE becomes a transition PTE. Now the second process runs. It was "
        + "told that the page is there, so it raises the share count and maps the frame, while the frame is on the standby list, "
        + "where anybody may take it.";

    public override string Repair => "Who wakes looks at the prototype PTE again, as in a new fault.";

    public override string Promise => "a page that is mapped is not on the standby list";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Processes, 2, 1, "processes that share the page")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (18, 2), fifo: (18, 2), causal: (18, 2), mailbox: (18, 2));

    public override string WordsOf(int which) => "a process mapped a frame through a prototype PTE that was in transition";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        Prototype prototype = new(settings.IsFixed, settings[Processes]);
        ActorId prototypeId = stage.Add("PROTO", prototype);
        prototype.Disk = stage.Add("DISK", new Disk());
        for (int process = 1; process <= settings[Processes]; process++)
        {
            stage.AddStarting(FormattableString.Invariant($"P_{process}"), new Process(prototypeId));
        }

        stage.AddStarting("WSM", new Caller<Trim>(prototypeId, default));
    }

    private enum PageState : byte
    {
        OnDisk,
        Reading,
        Valid,
        Transition,
    }

    private sealed class Prototype(bool looksAgain, int processes) : IActor
    {
        private readonly Queue _waiting = new(processes);
        private PageState _state;
        private int _reader;

        public ActorId Disk { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind: Faulted(delivery.Sender, outbox); break;
                case ReadDone.Kind: Completed(outbox); break;
                case Trim.Kind when _state == PageState.Valid: _state = PageState.Transition; break;
                case Map.Kind when looksAgain: Faulted(delivery.Sender, outbox); break;
                case Map.Kind: Mapped(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            _waiting.Encode(codec);
            codec.Field("state", ref _state);
            codec.Field("reader", ref _reader);
        }

        private void Faulted(ActorId process, Outbox outbox)
        {
            switch (_state)
            {
                case PageState.OnDisk:
                    (_state, _reader) = (PageState.Reading, process.Value);
                    outbox.Send(Disk, new Read());
                    break;
                case PageState.Reading:
                    _waiting.Add(process.Value);
                    break;
                case PageState.Valid or PageState.Transition:
                    _state = PageState.Valid;
                    outbox.Send(process, new Ok());
                    break;
            }
        }

        private void Completed(Outbox outbox)
        {
            _state = PageState.Valid;
            outbox.Send(new ActorId(_reader), new Ok());
            while (_waiting.Count > 0)
            {
                outbox.Send(new ActorId(_waiting.Take()), new Wake());
            }
        }

        private void Mapped(ActorId process, Outbox outbox)
        {
            if (_state == PageState.Transition)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(process, new Ok());
        }
    }

    private sealed class Process(ActorId prototype) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind: outbox.Send(prototype, new Fault()); break;
                case Wake.Kind: outbox.Send(prototype, new Map()); break;
            }
        }
    }
}

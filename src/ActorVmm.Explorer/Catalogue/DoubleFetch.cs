using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The kernel checks what it reads from a page and reads it again to use it. In between the page was dropped as clean and read in
/// again, from somebody who gives another answer the second time (class of CVE-2022-21989).
/// </summary>
public sealed class DoubleFetch : RaceModel
{
    private const string Changes = "changes";

    public static CatalogueEntry Entry { get; } = new(30, new DoubleFetch())
    {
        Source = "Windows, class of CVE-2022-21989",
        Actors = "K checks and uses; PAGE is a page of a file; SRV is the server that has the file; TR trims; X changes the file on the server.",
        InWindows =
            "The rule for drivers and for the kernel: copy every value once, then check the copy and use the copy (fact book §24, the rule, item 3). "
            + "A page that stays mapped and unwritten is still not constant: it may leave memory as clean and come back from a file "
            + "that somebody else controls.",
        Repaired = Counts.Clean(bag: 6, fifo: 6, causal: 6, mailbox: 6),
        FoundWithin = 20,
    };

    public override string Name => "double-fetch";

    public override string Title => "What was checked is not what is used";

    public override string Story =>
        "The kernel reads a length from a page of a mapped file and finds it right. A moment later it reads the length again, to use it. Nobody "
        + "has stored to the page; it is read-only. But the page is clean, so when memory is short it is dropped without being written, and the "
        + "second read brings it in again from where the file is: on a server that belongs to an attacker. The server gave a harmless number "
        + "first and gives a huge one now. The kernel copies that many bytes.";

    public override string Repair => "The kernel reads once, and checks and uses its own copy.";

    public override string Promise => "what is used is what was checked";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Changes, 1, 0, "times that the server changes the file")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (9, 1), fifo: (9, 1), causal: (9, 1), mailbox: (9, 1));

    public override string WordsOf(int which) => "the second read of a value gave another than the one that had been checked";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        FilePage page = new();
        ActorId pageId = stage.Add("PAGE", page);
        page.Server = stage.Add("SRV", new Server());
        stage.AddStarting("K", new Checker(pageId, settings.IsFixed));
        stage.AddStarting("TR", new Caller<Trim>(pageId, default));
        stage.AddStarting("X", new Caller<Write>(page.Server, default, settings[Changes]));
    }

    private sealed class Checker(ActorId page, bool copies) : IActor
    {
        private const int Nothing = -1;
        private int _checked = Nothing;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Start.Kind)
            {
                outbox.Send(page, new Load());
            }
            else
            {
                Fetched(delivery.Read<Found>().What, outbox);
            }
        }

        public void Encode(StateCodec codec) => codec.Field("checked", ref _checked);

        private void Fetched(int value, Outbox outbox)
        {
            if (_checked == Nothing && !copies)
            {
                _checked = value;
                outbox.Send(page, new Load());
            }
            else if (_checked != Nothing && value != _checked)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class FilePage : IActor
    {
        private bool _in;
        private int _value;
        private int _reader;

        public ActorId Server { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Load.Kind when _in: outbox.Send(delivery.Sender, new Found(_value)); break;
                case Load.Kind: ReadIn(delivery.Sender, outbox); break;
                case ReadDone.Kind: Completed(delivery.Read<ReadDone>().Version, outbox); break;
                case Trim.Kind: _in = false; break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("in", ref _in);
            codec.Field("value", ref _value);
            codec.Field("reader", ref _reader);
        }

        private void ReadIn(ActorId reader, Outbox outbox)
        {
            _reader = reader.Value;
            outbox.Send(Server, new Read());
        }

        private void Completed(int value, Outbox outbox)
        {
            (_in, _value) = (true, value);
            outbox.Send(new ActorId(_reader), new Found(value));
        }
    }

    private sealed class Server : IActor
    {
        private int _value;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Write.Kind)
            {
                _value++;
            }
            else
            {
                outbox.Send(delivery.Sender, new ReadDone(delivery.Read<Read>().Tag, _value));
            }
        }

        public void Encode(StateCodec codec) => codec.Field("value", ref _value);
    }
}

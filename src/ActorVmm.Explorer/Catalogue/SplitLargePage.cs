using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// How many map a large page is read while a sharer splits its mapping: it has left one count and is not yet in the other
/// (CVE-2020-29368).
/// </summary>
public sealed class SplitLargePage : RaceModel
{
    private const string Sharers = "sharers";

    public static CatalogueEntry Entry { get; } = new(14, new SplitLargePage())
    {
        Source = "CVE-2020-29368 (Linux: map count of a large page while it is split)",
        Actors = "S_i share the page and split their mapping; W writes; PAGE keeps two counts, of large and of small mappings.",
        InWindows =
            "Large pages are committed as a whole, stay resident and are neither split nor shared copy-on-write (fact book §11). For small pages "
            + "copy-on-write does not ask whether the writer is alone: a store in a write-copy view always makes a private copy (§13.6).",
        Repaired = Counts.Clean(bag: 2, fifo: 2, causal: 2, mailbox: 2),
        FoundWithin = 10,
    };

    public override string Name => "split-large-page";

    public override string Title => "A large page seems to have one user while it is split";

    public override string Story =>
        "After a fork, parent and child map one large page copy-on-write. The page counts its users in two numbers: those who map it as a "
        + "whole, and those who map it in small pieces. The child needs small pieces, and splits its mapping: it is taken out of the "
        + "first number, then put into the second. The parent stores just in between. It adds up both numbers, finds one user, itself, "
        + "and decides that no copy is needed. Its store changes what the child reads.";

    public override string Repair => "Both numbers change in one step.";

    public override string Promise => "a page is written in place only by its one user";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Sharers, 1, 1, "processes that share the page with the writer")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (3, 1), fifo: (3, 1), causal: (3, 1), mailbox: (3, 1));

    public override string WordsOf(int which) => "a page was written in place that others map too";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId pageId = stage.Add("PAGE", new LargePage(settings[Sharers] + 1));
        for (int sharer = 1; sharer <= settings[Sharers]; sharer++)
        {
            stage.AddStarting(FormattableString.Invariant($"S_{sharer}"), new Splitter(pageId, settings.IsFixed));
        }

        stage.AddStarting("W", new Caller<Store>(pageId, default));
    }

    private sealed class LargePage(int users) : IActor
    {
        private readonly bool _isShared = users > 1;
        private int _whole = users;
        private int _small;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Drop.Kind: LeftWhole(delivery.Sender, outbox); break;
                case Share.Kind: _small++; break;
                case Move.Kind: (_whole, _small) = (_whole - 1, _small + 1); break;
                case Store.Kind: Stored(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("whole", ref _whole);
            codec.Field("small", ref _small);
        }

        private void LeftWhole(ActorId sharer, Outbox outbox)
        {
            _whole--;
            outbox.Send(sharer, new Ok());
        }

        private void Stored(Outbox outbox)
        {
            if (_whole + _small == 1 && _isShared)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class Splitter(ActorId page, bool inOneStep) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind when inOneStep: outbox.Send(page, new Move()); break;
                case Start.Kind: outbox.Send(page, new Drop()); break;
                case Ok.Kind: outbox.Send(page, new Share()); break;
            }
        }
    }
}

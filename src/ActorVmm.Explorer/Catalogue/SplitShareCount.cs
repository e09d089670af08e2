using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// The number of sharers of a slot is kept in two places, like two digits. One sharer carries while another borrows, and the slot
/// is freed while it is used (Linux 2628bd6fc052).
/// </summary>
public sealed class SplitShareCount : RaceModel
{
    private const string Sharers = "sharers";

    public static CatalogueEntry Entry { get; } = new(11, new SplitShareCount())
    {
        Source = "Linux commit 2628bd6fc052",
        Actors = "LOW is the slot's small count, HIGH counts in steps of what LOW can hold; S_i add a sharer each, D takes one away.",
        InWindows =
            "There is one place: a shared page's slot belongs to its prototype PTE, and the number of PTEs that map the page is the share count "
            + "of one PFN entry, changed under the PFN lock (fact book §15.1, §27 rule 3). Nothing is carried.",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 3),
        FoundWithin = 10,
    };

    public override string Name => "split-share-count";

    public override string Title => "A share count is carried and borrowed at the same time";

    public override string Story =>
        "A slot of the paging file is shared. Its count of sharers has two digits, because the common case needs only the low one, which "
        + "here goes up to two. One process adds a sharer: the low digit is full, so it becomes zero, and one is to be carried to the "
        + "high digit. Before that has happened another process gives up its share: the low digit is zero, so it wants to borrow from "
        + "the high one. That is zero too. It concludes that nobody uses the slot any more, and frees it under the others.";

    public override string Repair => "The low digit is locked until the high one has settled; who comes meanwhile waits.";

    public override string Promise => "a slot is freed only when nobody shares it";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Sharers, 1, 1, "processes that add a sharer")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (6, 2), fifo: (4, 1), causal: (4, 1), mailbox: (4, 1));

    public override string WordsOf(int which) => "the slot was freed while it had sharers, because one was still to be carried";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        LowDigit low = new(settings.IsFixed, settings[Sharers] + 1);
        ActorId lowId = stage.Add("LOW", low);
        ActorId highId = stage.Add("HIGH", new HighDigit(lowId));
        for (int sharer = 1; sharer <= settings[Sharers]; sharer++)
        {
            stage.AddStarting(FormattableString.Invariant($"S_{sharer}"), new Sharer(lowId, highId, adds: true));
        }

        stage.AddStarting("D", new Sharer(lowId, highId, adds: false));
    }

    /// <summary>Two share the slot at the beginning; the count is this digit and three times the high one.</summary>
    private sealed class LowDigit(bool locks, int processes) : IActor
    {
        private const int Most = 2;
        private readonly Queue _adding = new(processes);
        private readonly Queue _dropping = new(processes);
        private int _digit = Most;
        private bool _locked;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Share.Kind when _locked && locks: _adding.Add(delivery.Sender.Value); break;
                case Drop.Kind when _locked && locks: _dropping.Add(delivery.Sender.Value); break;
                case Share.Kind: Added(delivery.Sender, outbox); break;
                case Drop.Kind: Dropped(delivery.Sender, outbox); break;
                case Placed.Kind: Settled(delivery.Read<Placed>().Rest, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            _adding.Encode(codec);
            _dropping.Encode(codec);
            codec.Field("digit", ref _digit);
            codec.Field("locked", ref _locked);
        }

        private void Added(ActorId sharer, Outbox outbox)
        {
            if (_digit < Most)
            {
                _digit++;
                return;
            }

            (_digit, _locked) = (0, true);
            outbox.Send(sharer, new Found());
        }

        private void Dropped(ActorId sharer, Outbox outbox)
        {
            if (_digit > 0)
            {
                _digit--;
                return;
            }

            _locked = true;
            outbox.Send(sharer, new Found());
        }

        private void Settled(int rest, Outbox outbox)
        {
            (_digit, _locked) = (_digit + rest, false);
            while (!_locked && _adding.Count > 0)
            {
                Added(new ActorId(_adding.Take()), outbox);
            }

            while (!_locked && _dropping.Count > 0)
            {
                Dropped(new ActorId(_dropping.Take()), outbox);
            }
        }
    }

    private sealed class HighDigit(ActorId low) : IActor
    {
        private int _digit;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (delivery.Kind == Share.Kind)
            {
                _digit++;
                outbox.Send(low, new Placed());
            }
            else if (_digit > 0)
            {
                _digit--;
                outbox.Send(low, new Placed(Rest: 2));
            }
            else
            {
                // One of the first two is still there, and all who were added.
                outbox.State(new PromiseBroken(0));
                outbox.Send(low, new Placed());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("digit", ref _digit);
    }

    /// <summary>Changes the low digit, and when told that this was not enough, the high one.</summary>
    private sealed class Sharer(ActorId low, ActorId high, bool adds) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            ActorId digit = delivery.Kind == Start.Kind ? low : high;
            if (adds)
            {
                outbox.Send(digit, new Share());
            }
            else
            {
                outbox.Send(digit, new Drop());
            }
        }
    }
}

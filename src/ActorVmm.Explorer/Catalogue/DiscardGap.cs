using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// An entry is cleared and set again to change its protection. A discard looks into the gap, finds nothing, and the page stays
/// (Linux ced108037c2a).
/// </summary>
public sealed class DiscardGap : RaceModel
{
    private const string Discards = "discards";

    public static CatalogueEntry Entry { get; } = new(20, new DiscardGap())
    {
        Source = "Linux commit ced108037c2a",
        Actors = "N changes the protection; D_i discard; PTE is the page's entry.",
        InWindows =
            "Protect and reset both rewrite a PTE under the working-set lock, in one step from one valid form to another (fact book §17 R14, R24). "
            + "A PTE that is in the middle of something says so: it is in transition form, and who finds it waits and looks again.",
        Repaired = Counts.Clean(bag: 2, fifo: 2, causal: 2, mailbox: 2),
        FoundWithin = 10,
    };

    public override string Name => "discard-gap";

    public override string Title => "A discard looks into the gap of a clear-and-set";

    public override string Story =>
        "To change the protection of a page, the kernel clears its entry, reads what was in it, and sets the entry again with the new "
        + "protection. Just in between the program discards the page: it wants its contents gone, and zeros when it reads there again. "
        + "The discard finds an empty entry and concludes that there is nothing to discard. It reports success. Then the entry is set "
        + "again, and the page with its old contents is back.";

    public override string Repair => "The protection is changed in one step; the entry is never empty.";

    public override string Promise => "a page that was discarded reads as zeros";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Discards, 1, 1, "threads that discard the page")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (3, 1), fifo: (3, 1), causal: (3, 1), mailbox: (3, 1));

    public override string WordsOf(int which) => "a page was back with its old contents after it had been discarded";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId entryId = stage.Add("PTE", new PageTableEntry());
        stage.AddStarting("N", new Protector(entryId, settings.IsFixed));
        for (int thread = 1; thread <= settings[Discards]; thread++)
        {
            stage.AddStarting(FormattableString.Invariant($"D_{thread}"), new Caller<Discard>(entryId, default));
        }
    }

    private sealed class PageTableEntry : IActor
    {
        private bool _present = true;
        private bool _discarded;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Remove.Kind: Cleared(delivery.Sender, outbox); break;
                case Map.Kind: SetAgain(outbox); break;
                case Discard.Kind: Discarded(delivery.Sender, outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("present", ref _present);
            codec.Field("discarded", ref _discarded);
        }

        private void Cleared(ActorId protector, Outbox outbox)
        {
            outbox.Send(protector, new Found(_present ? 1 : 0));
            _present = false;
        }

        private void SetAgain(Outbox outbox)
        {
            _present = true;
            if (_discarded)
            {
                outbox.State(new PromiseBroken(0));
            }
        }

        /// <summary>Where there is nothing, nothing is done; that is success too.</summary>
        private void Discarded(ActorId thread, Outbox outbox)
        {
            (_present, _discarded) = (false, true);
            outbox.Send(thread, new Ok());
        }
    }

    private sealed class Protector(ActorId entry, bool inOneStep) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Start.Kind when inOneStep: outbox.Send(entry, new Protect()); break;
                case Start.Kind: outbox.Send(entry, new Remove()); break;
                case Found.Kind when delivery.Read<Found>().What != 0: outbox.Send(entry, new Map()); break;
            }
        }
    }
}

namespace ActorVmm.Explorer.Models;

/// <summary>
/// Copy-on-write asks only how many map the page. A child that pins it and unmaps it is not counted any more, so the parent writes
/// in place, and the pinned reader sees it (CVE-2020-29374).
/// </summary>
public sealed class PinnedCow : RaceModel
{
    public override string Name => "pinned-cow";

    public override string Title => "Copy-on-write is broken to the wrong side";

    public override string Story =>
        "After a fork, parent and child share a page copy-on-write. The child pins it, so that a device can read it, and then "
        + "unmaps it. The parent stores. It must not change what others see, so it looks how many map the page: only itself, it "
        + "seems, because a pin is not a mapping. It stores in place, and what the child has pinned, and was promised not to "
        + "change, changes under it.";

    public override string Repair => "The parent writes in place only when nobody has the page pinned either.";

    public override string Promise => "a pinned page does not change";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number("children", 1, 0, "processes that share the page")];

    public override IReadOnlyList<KnownCount> Known { get; } =
        [new(DeliveryModel.Bag, 6, 2), new(DeliveryModel.Fifo, 3, 1), new(DeliveryModel.Causal, 3, 1), new(DeliveryModel.Mailbox, 2, 1)];

    public override string WordsOf(int which) => "the parent wrote in place a page that a child has pinned";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        ActorId frameId = stage.Add("FR", new Frame(settings["children"], settings.IsFixed));
        for (int child = 1; child <= settings["children"]; child++)
        {
            stage.AddStarting(FormattableString.Invariant($"C_{child}"), new Child(frameId));
        }

        stage.AddStarting("P", new Caller<Write>(frameId, default));
    }

    public readonly record struct Pin : IMessage
    {
        public const int Kind = 10_600;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Unmap : IMessage
    {
        public const int Kind = 10_601;

        static int IMessage.Kind => Kind;
    }

    public readonly record struct Write : IMessage
    {
        public const int Kind = 10_602;

        static int IMessage.Kind => Kind;
    }

    private sealed class Frame(int children, bool asksForPins) : IActor
    {
        private int _references = 1 + children;
        private int _pins;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Pin.Kind: _pins++; break;
                case Unmap.Kind: _references--; break;
                case Write.Kind: Written(outbox); break;
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("references", ref _references);
            codec.Field("pins", ref _pins);
        }

        private void Written(Outbox outbox)
        {
            bool inPlace = _references == 1 && !(asksForPins && _pins > 0);
            if (inPlace && _pins > 0)
            {
                outbox.State(new PromiseBroken(0));
            }
        }
    }

    private sealed class Child(ActorId frame) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
            outbox.Send(frame, new Pin());
            outbox.Send(frame, new Unmap());
        }

        public void Encode(StateCodec codec)
        {
        }
    }
}

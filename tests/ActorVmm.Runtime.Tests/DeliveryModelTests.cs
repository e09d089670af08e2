namespace ActorVmm.Runtime.Tests;

/// <summary>Exact numbers of different runs, known from combinatorics or from brute force elsewhere (races.md).</summary>
public sealed class DeliveryModelTests
{
    [Theory]
    [InlineData(DeliveryModel.Fifo, 4, 1, 1, 24)]
    [InlineData(DeliveryModel.Bag, 4, 1, 1, 24)]
    [InlineData(DeliveryModel.Fifo, 2, 2, 1, 6)]
    [InlineData(DeliveryModel.Causal, 2, 2, 1, 6)]
    [InlineData(DeliveryModel.Bag, 2, 2, 1, 24)]
    [InlineData(DeliveryModel.Mailbox, 2, 2, 1, 2)]
    [InlineData(DeliveryModel.Fifo, 3, 2, 1, 90)]
    [InlineData(DeliveryModel.Fifo, 3, 1, 2, 36)]
    [InlineData(DeliveryModel.Mailbox, 3, 1, 2, 6)]
    public void SendersToReceivers(DeliveryModel model, int senders, int messages, int receivers, int traces) =>
        new EveryExecution(CountedModels.SendersToReceivers(model, senders, messages, receivers)).Traces.ShouldBe(traces);

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Bag)]
    public void AServerHearsThreeClientsTwiceInNinetyWays(DeliveryModel model) =>
        new EveryExecution(CountedModels.Echo(model, clients: 3, rounds: 2)).Traces.ShouldBe(90);

    [Fact]
    public void EveryInnerNodeOfAReductionHearsItsTwoChildrenInEitherOrder() =>
        new EveryExecution(CountedModels.Reduction(DeliveryModel.Fifo, depth: 2)).Traces.ShouldBe(8);

    [Theory]
    [InlineData(DeliveryModel.Bag, 30, 8)]
    [InlineData(DeliveryModel.Fifo, 12, 2)]
    [InlineData(DeliveryModel.Causal, 12, 2)]
    [InlineData(DeliveryModel.Mailbox, 12, 2)]
    public void ACollidedFaultOfTwoThreads(DeliveryModel model, int traces, int violating)
    {
        (SteppedHost host, Func<bool> violated) = CountedModels.CollidedFault(model, threads: 2);

        EveryExecution every = new(host, violated);

        every.Traces.ShouldBe(traces);
        every.Violating.ShouldBe(violating);
    }

    [Theory]
    [InlineData(DeliveryModel.Bag, 13, 2)]
    [InlineData(DeliveryModel.Fifo, 13, 2)]
    [InlineData(DeliveryModel.Causal, 12, 1)]
    [InlineData(DeliveryModel.Mailbox, 12, 1)]
    public void ASlotIsUsedAgainUnderOneReader(DeliveryModel model, int traces, int violating)
    {
        (SteppedHost host, Func<bool> violated) = CountedModels.SlotReuse(model, readers: 1);

        EveryExecution every = new(host, violated);

        every.Traces.ShouldBe(traces);
        every.Violating.ShouldBe(violating);
    }

    [Theory]
    [InlineData(DeliveryModel.Bag, 30, 8)]
    [InlineData(DeliveryModel.Fifo, 8, 1)]
    [InlineData(DeliveryModel.Causal, 8, 1)]
    [InlineData(DeliveryModel.Mailbox, 3, 0)]
    public void AStoreDuringAWritebackWithTwoTrims(DeliveryModel model, int traces, int violating)
    {
        (SteppedHost host, Func<bool> violated) = CountedModels.LostWriteback(model, faults: 1, trims: 2);

        EveryExecution every = new(host, violated);

        every.Traces.ShouldBe(traces);
        every.Violating.ShouldBe(violating);
    }
}

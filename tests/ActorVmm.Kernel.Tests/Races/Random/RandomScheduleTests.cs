using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Many small worlds on many schedules: no bug check, every specification holds, and everybody gets to the end.</summary>
public sealed class RandomScheduleTests
{
    private const int Seeds = 300;

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    public void WhateverIsDeliveredNextEverySpecificationHolds(DeliveryModel model)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var run = new RandomRun(seed, model).Go();
            if (run.BrokenBy is not null || !run.Ended)
            {
                Assert.Fail((run.BrokenBy ?? "some wait for ever") + run.Reproduction());
            }

            run.Machine.ShouldBeEmpty($": seed {seed}, {model}");
        }
    }
}

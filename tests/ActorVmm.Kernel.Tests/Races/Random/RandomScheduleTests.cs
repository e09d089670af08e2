using ActorVmm.Kernel.Tests.Bench;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Many small worlds on many schedules: no bug check, every specification holds, and everybody gets to the end.</summary>
public sealed class RandomScheduleTests
{
    private const int Seeds = 300;

    /// <summary>Kinds of fault that private memory does not have, and one that is never the fault itself.</summary>
    private static readonly string[] _neverSeen = ["a fault was CopyOnWrite", "a fault was Prototype", "a fault was PageTable"];

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    public void WhateverIsDeliveredNextEverySpecificationHolds(DeliveryModel model)
    {
        var seen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var run = new RandomRun(seed, model).Go();
            if (run.Broken.Count > 0 || !(run.Ended || run.WaitsForSlots))
            {
                Assert.Fail((run.Broken.FirstOrDefault() ?? "some wait for ever") + run.Reproduction());
            }

            if (run.Ended)
            {
                run.Machine.ShouldBeEmpty($": seed {seed}, {model}");
            }

            foreach (var situation in run.Machine.Specifications.Sometimes)
            {
                seen[situation.Name] = seen.GetValueOrDefault(situation.Name) + situation.Count;
            }
        }

        seen.Where(situation => situation.Value == 0).Select(situation => situation.Key).Except(_neverSeen)
            .Where(name => !Situations.IsOfSharersOrDevices(name))
            .ShouldBeEmpty("a check that never saw its situation is a failed check");
    }

    // Messages of one sender to one receiver must not overtake each other: a hint that is asked for before the trim that made it is lost.
    [Fact]
    public void DeliveryInAnyOrderIsMoreThanTheKernelStands() =>
        Enumerable.Range(1, Seeds).ShouldContain(seed => new RandomRun((ulong)seed, DeliveryModel.Bag).Go().Broken.Contains("BugCheck"));

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    public void AScheduleLeadsToTheSameStateAgain(DeliveryModel model)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var run = new RandomRun(seed, model).Go();
            var again = run.Replayed();
            again.Host.StateFingerprint(again.Contents).ShouldBe(run.Machine.Host.StateFingerprint(run.Machine.Contents), $"seed {seed}");
            again.Host.Fingerprint(again.Contents).ShouldBe(run.Machine.Host.Fingerprint(run.Machine.Contents), $"seed {seed}");
        }
    }
}

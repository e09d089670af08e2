using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Journal.Tests;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;
using ActorVmm.Runtime.Tests.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Akka.Tests;

/// <summary>A run that was cut off is replayed to its durable tail, and goes on from there on Akka.NET.</summary>
public sealed class ResumptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, new long[] { 0 })]
    [InlineData(1, new long[] { 1 })]
    [InlineData(2, new long[] { 700 })]
    [InlineData(3, new long[] { 300, 1_100, 2_900, 4_000 })]
    [InlineData(4, new long[] { 2_000, 4_000 })]
    public void ItGoesOnToTheEndWithAllPromisesKept(ulong seed, long[] cuts)
    {
        using IJournalStore store = JournalStores.OpenOrCreate(_folder["run.db"]);
        using Scenario first = Recorded.Small(seed);
        Recorded.Begin(store, first, cuts[0]).Turns.ShouldBe(cuts[0]);
        foreach (long cut in cuts[1..])
        {
            using Scenario next = Recorded.Small(seed);
            Recorded.GoOn(store, next, cut).Turns.ShouldBe(cut);
        }

        using Scenario last = Recorded.Small(seed);
        Recorded.Ran ran = Recorded.GoOn(store, last);

        ran.Finished.ShouldBeTrue();
        new JournalReader(store).Open("latest").Resumptions().Select(resumed => resumed.Delivery).ShouldBe(cuts);
        using Scenario again = Recorded.Small(seed);
        ReplayResult result = Recorded.Replay(store, again);
        (result.Divergence, result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((null, ran.Turns, ran.Fingerprint, ran.Fingerprint));
    }

    /// <summary>Births, stops, timers and choices, taken over anywhere: what is counted is counted on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(400)]
    [InlineData(5_000)]
    public void ACrowdIsTakenOver(long cut)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using AkkaHost before = (AkkaHost)Crowd.Gather(options => Systems.Host(new AkkaHostOptions(options) { Recording = true }), seed, people: 40);
            before.Run(maxTurns: cut);
            RecordedHost replay = (RecordedHost)Crowd.Gather(options => new RecordedHost(options, before.Record.Read()), seed, people: 40);
            replay.Run();
            replay.Divergence.ShouldBeNull();

            AkkaHost? live = null;
            Crowd.Gather(options => live = Systems.Host(new AkkaHostOptions(options) { Recording = true }), 77, people: 0);
            live!.Adopt(replay);

            live.Fingerprint().ShouldBe(before.Fingerprint());
            live.Statistics.ShouldBe(before.Statistics);
            Pending(live).ShouldBe(Pending(before), ignoreOrder: true);
            before.Run().ShouldBe(RunOutcome.Quiescent);
            live.Run().ShouldBe(RunOutcome.Quiescent);
            live.Statistics.ActorsCreated.ShouldBeGreaterThanOrEqualTo(replay.Statistics.ActorsCreated);
            live.Dispose();
        }
    }

    [Fact]
    public void AHostThatHasAMachineTakesNoOther()
    {
        using AkkaHost host = Systems.Host(new AkkaHostOptions { Recording = true });
        host.Create(new Acting(), Role.Thread);

        Should.Throw<InvalidOperationException>(() => host.Adopt(new RecordedHost(new HostOptions(), host.Record.Read())));
    }

    private static List<PendingDelivery> Pending(IInspectedHost host)
    {
        List<PendingDelivery> pending = [];
        host.ListPending(pending);
        return pending;
    }
}

using ActorVmm.Kernel;
using ActorVmm.Machine.Timelines;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>Wherever one comes from, delivery N is the same place; stepping back is going there again.</summary>
public sealed class RerunTimelineTests
{
    private const string Churning = """
          crowd:
            count: 12
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: uniform, writes: 60%, count: 400 }
              - idle:    const(2ms)
              - touch:   { region: heap, pattern: sequential, writes: 30% }
        """;

    [Fact]
    public void EveryPointIsTheSameFromAnySide()
    {
        using var timeline = new RerunTimeline(Crowd(), memory: 4 << 20);
        timeline.Seek(long.MaxValue);
        long length = timeline.Length.ShouldNotBeNull();
        length.ShouldBe(Runs.Of(Crowd(), specifications: false).Turns);
        long[] places = [length, 0, 1, length / 2, (length / 2) - 1, (length / 2) - 2, (length / 2) - 100, length / 3, (length / 3) + 1, length - 1, length, 17, length / 5];
        var known = new Dictionary<long, string>();
        foreach (long place in places.Concat(places.Reverse()))
        {
            timeline.Seek(place);
            timeline.Position.ShouldBe(place);
            timeline.Turn?.Number.ShouldBe(place);
            (timeline.Turn is null).ShouldBe(place == 0);
            string state = Places.Describe(timeline.Machine);
            known.TryAdd(place, state);
            state.ShouldBe(known[place], $"at delivery {place}");
        }

        foreach ((long place, string state) in known)
        {
            SimulatedMachine fresh = MachineBuilder.Build(Crowd(), []);
            if (place > 0)
            {
                fresh.Host.Run(maxTurns: place);
            }

            Places.Describe(fresh).ShouldBe(state, $"run straight to delivery {place}");
        }
    }

    [Fact]
    public void ExitedProcessesKeepTheirCountersWhenGoingForwardPastCheckpoints()
    {
        using var timeline = new RerunTimeline(Crowd());
        timeline.Seek(long.MaxValue);
        long[] before = [.. timeline.Machine.Processes.Select(process => process.Accesses)];
        before.ShouldAllBe(accesses => accesses > 0);

        timeline.Seek(1);
        timeline.Machine.Processes.Count.ShouldBeLessThan(before.Length + 1);
        timeline.Machine.Processes.Sum(process => process.Accesses).ShouldBe(0);
        timeline.Seek(long.MaxValue);

        timeline.Machine.Processes.Select(process => process.Accesses).ShouldBe(before);
        timeline.Machine.Processes.ShouldAllBe(process => process.State == ProcessState.Gone);
        timeline.Machine.ScenarioEnded.ShouldBeTrue();
    }

    [Fact]
    public void FaultsAreFoundForwardsAndBackwards()
    {
        var faults = new FaultTurns();
        MachineBuilder.Build(Crowd(), [faults]).Host.Run(maxTurns: 6_000);
        using var timeline = new RerunTimeline(Crowd());

        foreach (long turn in faults.Turns)
        {
            timeline.SeekNext(TurnFilters.Fault).ShouldBeTrue();
            timeline.Position.ShouldBe(turn);
            timeline.Turn.ShouldNotBeNull().Facts.ShouldContain(fact => fact.Kind == FaultOpened.Kind);
        }

        foreach (long turn in faults.Turns.Reverse<long>().Skip(1).Take(40))
        {
            timeline.SeekPrevious(TurnFilters.Fault).ShouldBeTrue();
            timeline.Position.ShouldBe(turn);
        }

        timeline.Seek(faults.Turns[0]);
        timeline.SeekPrevious(TurnFilters.Fault).ShouldBeFalse();
        timeline.Position.ShouldBe(faults.Turns[0]);
    }

    [Fact]
    public void ABiographyTellsOfOnePageOnly()
    {
        using var timeline = new RerunTimeline(Crowd());
        timeline.SeekNext(TurnFilters.Fault).ShouldBeTrue();
        TimelineTurn first = timeline.Turn.ShouldNotBeNull();
        Vpn page = first.Facts.First(fact => fact.Kind == FaultOpened.Kind).Read<FaultOpened>().Vpn;
        var turns = new List<long>();

        while (timeline.SeekNext(TurnFilters.Page(first.Stamp.Actor, page)))
        {
            turns.Add(timeline.Position);
            timeline.Turn.ShouldNotBeNull().Facts.ShouldContain(fact => TurnFilters.Concerns(in fact, timeline.Turn!.Stamp.Actor, first.Stamp.Actor, page));
        }

        turns.Count.ShouldBeGreaterThan(3);
        turns.ShouldBe(turns.Order());
        timeline.Position.ShouldBe(turns[^1]);
    }

    [Fact]
    public void ATimeIsTheLastDeliveryNotLater()
    {
        using var timeline = new RerunTimeline(Crowd());
        timeline.SeekTime(Ticks.FromMilliseconds(3));
        long there = timeline.Position;
        timeline.Turn.ShouldNotBeNull().Stamp.Now.ShouldBeLessThanOrEqualTo(Ticks.FromMilliseconds(3));
        timeline.Seek(there + 1);
        timeline.Turn.ShouldNotBeNull().Stamp.Now.ShouldBeGreaterThan(Ticks.FromMilliseconds(3));

        timeline.SeekTime(Ticks.FromSeconds(1_000));
        timeline.Position.ShouldBe(timeline.Length.ShouldNotBeNull());
        timeline.SeekTime(Ticks.FromMilliseconds(3));
        timeline.Position.ShouldBe(there);
    }

    [Fact]
    public void ALimitInTimeEndsTheRun()
    {
        using var limited = new RerunTimeline(Crowd(), until: Ticks.FromMilliseconds(3));
        using var whole = new RerunTimeline(Crowd());
        limited.Seek(long.MaxValue);
        whole.SeekTime(Ticks.FromMilliseconds(3));

        limited.Length.ShouldBe(whole.Position);
    }

    [Fact]
    public void CheckpointsTakeTheMemoryTheyMay()
    {
        const long Memory = 2 << 20;
        using var timeline = new RerunTimeline(Runs.Named("first-look"), memory: Memory);
        timeline.Seek(60_000);

        timeline.Spacing.ShouldBeGreaterThan(4_096);
        timeline.CheckpointBytes.ShouldBeLessThan(Memory * 4);
        timeline.Seek(12_345);
        timeline.Position.ShouldBe(12_345);
    }

    private static Scenario Crowd() => Runs.Small(Churning);

    private sealed class FaultTurns : IFactListener
    {
        public List<long> Turns { get; } = [];

        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
        {
            if (facts.ToArray().Any(fact => fact.Kind == FaultOpened.Kind))
            {
                Turns.Add(turn.Number);
            }
        }
    }
}

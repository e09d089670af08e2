using ActorVmm.Actors;
using ActorVmm.Kernel.Operators;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Operators;

public sealed class OperatorTests
{
    private static readonly Ticks _second = Ticks.FromSeconds(1);

    [Fact]
    public void AllProcessesStartAtOnceInTheOrderOfTheirPlans()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a"), Plan("b", priority: 4)] });
        var turn = story.Start();
        turn.Asks<ManagerTick>(BenchCast.WorkingSetManager);
        turn.Births.Select(birth => birth.Actor.ToString()).ShouldBe(["0: a", "1: b"]);
        turn.Births.Select(birth => (int)birth.Role.Priority).ShouldBe([8, 4]);
        turn.AskedBy<StartProcess>().ShouldBe(turn.Births.Select(birth => birth.Id));
        turn.AsksNo<ScenarioEnded>();
    }

    [Fact]
    public void WhenEverybodyHasEndedTheMachineMayRestAndThatIsSaidOnce()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a"), Plan("b"), Plan("c", lingers: true)] });
        story.Start();
        story.ProgramsEnded(0).AsksNothing();
        story.Ended(0).AsksNothing();
        story.ProgramsEnded(2).AsksNothing();
        story.ProgramsEnded(1).AsksNothing();
        var turn = story.Ended(1);
        turn.Asks<StopTicking>(BenchCast.WorkingSetManager);
        turn.Asks<ScenarioEnded>(ActorId.Outside).Processes.ShouldBe(3);
        story.Ended(2).AsksNothing();
    }

    [Fact]
    public void AProcessMayEndWithoutItsProgramsHavingEnded()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a")] });
        story.Start();
        story.Ended(0).Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void NothingToDoIsDoneAtOnce() => new Story(new OperatorPlan()).Start().Asks<ScenarioEnded>(ActorId.Outside).Processes.ShouldBe(0);

    [Fact]
    public void AMillionProcessesStartInTurnsOfAThousand()
    {
        var plan = Plan("idle");
        var story = new Story(new OperatorPlan { Processes = [.. Enumerable.Repeat(plan, 1_000_000)] });
        int started = 0;
        var turn = story.Start();
        while (turn.Sent<AdjustProcesses>().Count > 0)
        {
            turn.Births.Count.ShouldBe(1_024);
            started += turn.Births.Count;
            turn = story.GoOn();
        }

        (started + turn.Births.Count).ShouldBe(1_000_000);
        story.Operator.Alive.ShouldBe(1_000_000);

        var writer = new SnapshotWriter();
        story.Operator.Encode(writer);
        writer.Written.Length.ShouldBeLessThan(6 * 1_000_000, "bytes per process");

        for (int serial = 0; serial < 999_999; serial++)
        {
            story.Operator.Receive(new Delivery { Message = Message.Of(new ProcessEnded(serial, NtStatus.Success)) }, story.Discarded);
        }

        story.Ended(999_999).Asks<ScenarioEnded>(ActorId.Outside).Processes.ShouldBe(1_000_000);
    }

    [Fact]
    public void ALoadStepKeepsSoManyProcessesAlive()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a"), Plan("b"), Plan("c")], Load = [new(_second, 2), new(_second, 4)] });
        story.Start().Births.Select(birth => birth.Actor.ToString()).ShouldBe(["0: a", "1: b"]);

        // Whoever ends is replaced, from the plans by turns; an exiting process counts as gone, and only once.
        story.ProgramsEnded(0).Births.Select(birth => birth.Actor.ToString()).ShouldBe(["2: c"]);
        story.Ended(0).AsksNothing();

        story.Bench.FireTimer().Births.Select(birth => birth.Actor.ToString()).ShouldBe(["3: a", "4: b"]);
        story.Operator.Alive.ShouldBe(4);
    }

    [Fact]
    public void OfTooManyTheYoungestEnd()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a")], Load = [new(_second, 5), new(_second, 2), new(_second, 3)] });
        story.Start();
        story.Ended(3);
        story.Operator.Started.ShouldBe(6);

        var turn = story.Bench.FireTimer();
        turn.AskedBy<ExitProcess>().ShouldBe([story.Operator.ProcessAt(5), story.Operator.ProcessAt(4), story.Operator.ProcessAt(2)]);
        story.Ended(5).AsksNothing();
        story.Bench.FireTimer().Births.Select(birth => birth.Actor.ToString()).ShouldBe(["6: a"]);
    }

    [Fact]
    public void AfterTheLastStepWhoeverIsAliveRunsToItsEnd()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a")], Load = [new(_second, 2)] });
        story.Start();
        story.Bench.FireTimer().AsksNothing();
        story.Ended(0).AsksNothing();
        story.Ended(1).Asks<ScenarioEnded>(ActorId.Outside).Processes.ShouldBe(2);
    }

    [Fact]
    public void ALastStepWithoutProcessesEndsAll()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a", lingers: true)], Load = [new(_second, 2), new(_second, 0)] });
        story.Start();
        story.ProgramsEnded(1).AsksNothing();
        story.Bench.FireTimer().Sent<ExitProcess>().Count.ShouldBe(2);
        story.Ended(0);
        story.Ended(1).AsksNothing();
        story.Bench.FireTimer().Asks<ScenarioEnded>(ActorId.Outside);
    }

    // The load step tells a process to exit while its last thread ends by itself; it would have lingered, and goes.
    [Fact]
    public void ProgramsThatEndWhileTheProcessIsToldToExitDoNotMakeItLinger()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a", lingers: true)], Load = [new(_second, 1), new(_second, 0)] });
        story.Start();
        story.Bench.FireTimer();
        story.ProgramsEnded(0);
        story.Bench.FireTimer().AsksNothing();
        story.Ended(0).Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void ManyEndInTurnsToo()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a")], Load = [new(_second, 3_000), new(_second, 10)] });
        story.Start();
        story.GoOn();
        story.GoOn().AsksNo<AdjustProcesses>();
        int[] ends = [story.Bench.FireTimer<LoadStepDue>().Sent<ExitProcess>().Count, story.GoOn().Sent<ExitProcess>().Count, story.GoOn().Sent<ExitProcess>().Count];
        ends.ShouldBe([1_024, 1_024, 942]);
    }

    [Theory]
    [InlineData(InjectionKind.DeviceSlow, InjectionCode.Slow)]
    [InlineData(InjectionKind.ReadError, InjectionCode.ReadError)]
    [InlineData(InjectionKind.WriteError, InjectionCode.WriteError)]
    public void DevicesAreDisturbedOnTime(InjectionKind kind, InjectionCode code)
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a")], Injections = [new(_second, kind, Target: 1, Factor: 20, Duration: _second)] });
        story.Start();
        var turn = story.Bench.FireTimer();
        story.Bench.Now.ShouldBe(_second);
        turn.Asks<Disturb>(BenchCast.PagingFile(1)).ShouldBe(new Disturb(_second, code, 20));
        turn.States<Injected>().ShouldBe(new Injected(kind, 0, 0, 1, 20));
    }

    [Fact]
    public void WorkingSetsAreEmptiedAndModifiedPagesFlushed()
    {
        var story = new Story(new OperatorPlan { Injections = [new(_second, InjectionKind.EmptyWorkingSets), new(_second, InjectionKind.FlushModifiedList)] });
        story.Start().AsksNo<ScenarioEnded>();
        story.Bench.FireTimer().Asks<EmptyWorkingSets>(BenchCast.WorkingSetManager);
        var turn = story.Bench.FireTimer();
        turn.Asks<FlushModified>(BenchCast.PfnDatabase);
        turn.Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void AProcessIsKilledOnce()
    {
        var kill = new Injection(_second, InjectionKind.KillProcess, Target: 1);
        var story = new Story(new OperatorPlan { Processes = [Plan("a"), Plan("b")], Injections = [kill, kill, kill with { Target = 7 }] });
        story.Start();
        story.Bench.FireTimer().Asks<ExitProcess>(story.Operator.ProcessAt(1));
        story.Bench.FireTimer().StatesNo<Injected>();
        story.Bench.FireTimer().AsksNothing();
        story.Ended(1).AsksNothing();
        story.Ended(0).Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void AnInjectionIntoADeviceThatIsNotThereIsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Story(new OperatorPlan { Injections = [new(_second, InjectionKind.DeviceSlow, Target: 2)] }));

    [Fact]
    public void WhatCannotBeStopsTheMachine()
    {
        var story = new Story(new OperatorPlan { Processes = [Plan("a"), Plan("b")] });
        story.Start();
        Should.Throw<BugCheckException>(() => story.Start()).Message.ShouldContain("starts once");
        story.Ended(0);
        Should.Throw<BugCheckException>(() => story.Ended(0)).Message.ShouldContain("ends once");
        Should.Throw<BugCheckException>(() => story.Bench.Hear(BenchCast.Process(1), new TakeFree(1))).Message.ShouldContain("the operator");
    }

    [Fact]
    public void RestoredInTheMiddleItGoesOnAlike()
    {
        var plan = new OperatorPlan
        {
            Processes = [Plan("a"), Plan("b", lingers: true)],
            Load = [new(_second, 2_000), new(_second, 3), new(_second, 0)],
            Injections = [new(_second, InjectionKind.KillProcess, Target: 1)],
        };
        var story = new Story(plan);
        story.Start();
        story.ProgramsEnded(1);
        var twin = story.Bench.Twin(new Story(plan).Operator);
        story.Bench.Alike(twin, bench => bench.Hear(BenchCast.Operator, new AdjustProcesses()));
        while (story.Bench.Timers.Count > 0)
        {
            var turn = story.Bench.Alike(twin, bench => bench.FireTimer());
            while (turn.Sent<AdjustProcesses>().Count > 0)
            {
                turn = story.Bench.Alike(twin, bench => bench.Hear(BenchCast.Operator, new AdjustProcesses()));
            }
        }

        for (int serial = 0; serial < story.Operator.Started; serial++)
        {
            story.Bench.Alike(twin, bench => bench.Hear(story.Operator.ProcessAt(serial), new ProcessEnded(serial, NtStatus.Success)));
        }

        story.Bench.SentSoFar<ScenarioEnded>().ShouldHaveSingleItem();
    }

    [Fact]
    public void ASectionIsClosedAtItsTimeAndAnotherWhenEverythingElseHasHappened()
    {
        SectionPlan[] sections =
        [
            new("never", 1), new("timed", 1) { Closing = SectionClosing.AtTime, ClosesAt = _second }, new("last", 1) { Closing = SectionClosing.AtEnd },
            new("refused", 1) { Closing = SectionClosing.AtEnd },
        ];
        var story = new Story(new OperatorPlan { Processes = [Plan("a")], Sections = sections });
        story.Start().Sent<CreateSection>().Select(create => create.Name).ShouldBe([1U, 2U, 3U, 4U]);
        for (int section = 0; section < 4; section++)
        {
            NtStatus status = section == 3 ? NtStatus.CommitmentLimit : NtStatus.Success;
            story.Bench.Hear(BenchCast.SystemSpace, new SectionCreated(0, section == 3 ? ActorId.Outside : new ActorId(900 + section), 5, status, (uint)section));
        }

        var timed = story.Bench.FireTimer();
        timed.Asks<CountHandle>(new ActorId(901)).ShouldBe(new CountHandle(5, -1));
        timed.AsksNo<ScenarioEnded>();
        var last = story.Ended(0);
        last.Asks<CountHandle>(new ActorId(902)).ShouldBe(new CountHandle(5, -1));
        last.Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void ASectionWhoseTimeComesBeforeItIsMadeIsClosedWhenItIs()
    {
        var story = new Story(new OperatorPlan { Sections = [new("brief", 1) { Closing = SectionClosing.AtTime }] });
        story.Start();
        story.Bench.FireTimer().AsksNothing();
        var made = story.Bench.Hear(BenchCast.SystemSpace, new SectionCreated(0, new ActorId(900), 0, NtStatus.Success, 0));
        made.Asks<CountHandle>(new ActorId(900)).Change.ShouldBe(-1);
        made.Asks<ScenarioEnded>(ActorId.Outside);
    }

    [Fact]
    public void TheEndWaitsForTheTimeOfASection()
    {
        var story = new Story(new OperatorPlan { Sections = [new("brief", 1) { Closing = SectionClosing.AtTime, ClosesAt = _second }] });
        story.Start();
        story.Bench.Hear(BenchCast.SystemSpace, new SectionCreated(0, new ActorId(900), 0, NtStatus.Success, 0)).AsksNothing();
        story.Bench.FireTimer().Asks<ScenarioEnded>(ActorId.Outside);
    }

    private static ProcessPlan Plan(string name, byte priority = 8, bool lingers = false) => new(name, []) { Priority = priority, Lingers = lingers };

    /// <summary>An operator of a machine with two paging files, and processes that do nothing.</summary>
    private sealed class Story : IOutboxHost
    {
        public Story(OperatorPlan plan)
        {
            Operator = new Operator(plan, BenchCast.Of(2), new Factory());
            Bench = new ActorBench(Operator, BenchCast.Operator);
            Discarded = new Outbox(this);
        }

        public Operator Operator { get; }

        public ActorBench Bench { get; }

        /// <summary>For turns by the million whose effects nobody looks at.</summary>
        public Outbox Discarded { get; }

        public BenchTurn Start() => Bench.Hear(ActorId.Outside, new StartScenario());

        public BenchTurn GoOn() => Bench.Hear(BenchCast.Operator, new AdjustProcesses());

        public BenchTurn ProgramsEnded(int serial) => Bench.Hear(Operator.ProcessAt(serial), new ProgramsEnded(serial));

        public BenchTurn Ended(int serial) => Bench.Hear(Operator.ProcessAt(serial), new ProcessEnded(serial, NtStatus.Success));

        ActorId IOutboxHost.ReserveId() => throw new InvalidOperationException("nobody is started here");

        int IOutboxHost.Choose(ActorId chooser, int alternatives) => 0;
    }

    private sealed class Factory : IProcessFactory
    {
        public IActor Create(ProcessPlan plan, int serial) => new Nobody(FormattableString.Invariant($"{serial}: {plan.Name}"));

        public Role RoleOf(ProcessPlan plan) => new(plan.Priority, Placement.Processor);
    }

    private sealed class Nobody(string name) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
        }

        public void Encode(StateCodec codec)
        {
        }

        public override string ToString() => name;
    }
}

using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Tests.Sharing;

/// <summary>However many workers share a search and in whatever order they come, they run what one would have run, each trace once.</summary>
public sealed class SharedSearchTests
{
    public static TheoryData<string, DeliveryModel> Models
    {
        get
        {
            TheoryData<string, DeliveryModel> models = [];
            foreach (RaceModel model in CountedModels.All)
            {
                foreach (DeliveryModel delivery in Enum.GetValues<DeliveryModel>())
                {
                    models.Add(model.Name, delivery);
                }
            }

            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheCountedModelsHaveTheSameCountsAndFingerprint(string name, DeliveryModel model)
    {
        KnownCount known = CountedModels.Find(name)!.Known.Single(count => count.Model == model);
        ExplorationOptions options = Options(model);
        foreach (bool isFixed in (bool[])[false, true])
        {
            ISubject subject = Explored.Model(name, isFixed);
            ExplorationResult alone = new Exploration(subject, options).Run();
            for (int workers = 1; workers <= 3; workers++)
            {
                for (int seed = 0; seed < 5; seed++)
                {
                    SharedRun run = new SharedRun(subject, options, workers, seed).Go();

                    ShouldBeTheSame(run.Search, alone);
                    if (!isFixed)
                    {
                        (run.Search.Counted.Complete, run.Search.Counted.Violating).ShouldBe((known.Traces, known.Violating));
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ThreadsShareASearch(string name, DeliveryModel model)
    {
        ISubject subject = Explored.Model(name, isFixed: false);
        ExplorationResult alone = new Exploration(subject, Options(model)).Run();
        foreach (int workers in (int[])[2, 3])
        {
            ExplorationResult shared = new Exploration(subject, Options(model) with { Workers = workers }).Run();

            (shared.Traces, shared.ViolatingTraces, shared.Blocked, shared.Exhausted, shared.Sum).ShouldBe((alone.Traces, alone.ViolatingTraces, 0, true, alone.Sum));
            shared.Findings.Select(finding => finding.Violation.Specification).ShouldBe(alone.Findings.Select(finding => finding.Violation.Specification));
            shared.EstimatedTraces.ShouldBe(shared.Traces);
        }
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void ProgramsHaveTheSameCountsAndFingerprint(DeliveryModel model)
    {
        int parts = 0;
        foreach (Program program in new[] { Programs.Senders(5), Programs.Senders(3, receivers: 2), Programs.Senders(2, 3), Programs.Echo(3, 2), Programs.Ring(4, 2), Programs.Reduction(3), Programs.FaultsOnly(3) })
        {
            ExplorationResult alone = new Exploration(program, Options(model)).Run();
            for (int seed = 0; seed < 3; seed++)
            {
                SharedRun run = new SharedRun(program, Options(model), workers: 3, seed).Go();

                ShouldBeTheSame(run.Search, alone);
                parts += run.Parts;
            }
        }

        parts.ShouldBeGreaterThan(100, "a search that is not split shows nothing");
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void AnswersTimersAndActorsThatStopAreSharedToo(DeliveryModel model)
    {
        foreach (Program program in new[] { RareTurnTests.Choosing(2, 3), RareTurnTests.SometimesSending(3), RareTurnTests.Twice(), RareTurnTests.Timers(2, cancels: true), RareTurnTests.Stopping(3) })
        {
            ExplorationResult alone = new Exploration(program, Options(model)).Run();
            for (int seed = 0; seed < 3; seed++)
            {
                SharedRun run = new SharedRun(program, Options(model), workers: 3, seed).Go();

                (program.Name, run.Search.Counted.Complete, run.Search.Counted.Sum).ShouldBe((program.Name, alone.Traces, alone.Sum));
            }
        }
    }

    [Fact]
    public void ATurnThatThrowsHidesNothing()
    {
        foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
        {
            ExplorationResult alone = new Exploration(RareTurnTests.Throwing(), Options(model)).Run();
            for (int seed = 0; seed < 5; seed++)
            {
                SharedRun run = new SharedRun(RareTurnTests.Throwing(), Options(model), workers: 3, seed).Go();

                run.Search.Findings.Select(finding => finding.Violation.Specification).ShouldBe(alone.Findings.Select(finding => finding.Violation.Specification));
                // What a throw cuts off has no end of its own, so only what came to its end is compared.
                (run.Search.Counted.Complete - run.Search.Counted.Violating).ShouldBe(alone.Traces - alone.ViolatingTraces, model.ToString());
            }
        }
    }

    [Fact]
    public void WhatALostWorkerDidIsDoneAgainAndCountedOnce()
    {
        int lost = 0;
        foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
        {
            ExplorationResult alone = new Exploration(Programs.Senders(5), Options(model)).Run();
            for (int seed = 0; seed < 5; seed++)
            {
                SharedRun run = new SharedRun(Programs.Senders(5), Options(model), workers: 3, seed).Go(lossIn: 20);

                ShouldBeTheSame(run.Search, alone);
                lost += run.Lost;
            }
        }

        lost.ShouldBeGreaterThan(20);
    }

    // So large that many workers meet at one place, some of them behind what others have not finished.
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void ALargeSearchLosesNothing(int workers)
    {
        ISubject subject = new ModelSubject(ModelSettings.Parse(RaceCatalogue.Find("shoot-down")!.Model, isFixed: true, ["cpus=4"]));
        ExplorationOptions options = Options(DeliveryModel.Fifo);
        ExplorationResult alone = new Exploration(subject, options).Run();
        alone.Traces.ShouldBe(6_264);
        for (int seed = 0; seed < 3; seed++)
        {
            ShouldBeTheSame(new SharedRun(subject, options, workers, seed).Go().Search, alone);
        }
    }

    [Theory]
    [InlineData("lost-writeback", DeliveryModel.Bag, 7)]
    [InlineData("slot-reuse", DeliveryModel.Mailbox, 1)]
    [InlineData("collided-fault", DeliveryModel.Fifo, 2)]
    [InlineData("exit-in-flight", DeliveryModel.Causal, 3)]
    public void ASharedSearchGoesOnFromItsCheckpoint(string name, DeliveryModel model, long step)
    {
        ISubject subject = Explored.Model(name, isFixed: false);
        ExplorationResult alone = new Exploration(subject, Options(model)).Run();
        for (int seed = 0; seed < 5; seed++)
        {
            ExplorationOptions options = Options(model);
            SharedRun run = new SharedRun(subject, options, workers: 3, seed).Go(most: step);
            for (int part = 1; !run.Search.IsDone; part++)
            {
                ((long)part).ShouldBeLessThanOrEqualTo(alone.Schedules, "it never gets done");
                options = options with { From = Checkpoint.Parse((run.Search.Save() with { Of = name }).ToString()) };
                run = new SharedRun(subject, options, workers: (part % 3) + 1, seed).Go(most: step);
            }

            ShouldBeTheSame(run.Search, alone);
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void OneWorkerGoesOnWhereSeveralWereAndTheOtherWayRound(int first, int second)
    {
        ISubject subject = Programs.Senders(6);
        ExplorationOptions options = Options(DeliveryModel.Fifo);
        ExplorationResult alone = new Exploration(subject, options).Run();

        ExplorationResult part = new Exploration(subject, options with { Workers = first, Schedules = 200 }).Run();
        (part.Schedules, part.Exhausted).ShouldBe((200, false));
        part.EstimatedTraces.ShouldBeGreaterThan(200);
        Checkpoint at = Checkpoint.Parse((part.Checkpoint.ShouldNotBeNull() with { Of = "x" }).ToString());
        ExplorationResult whole = new Exploration(subject, options with { Workers = second, From = at }).Run();

        (whole.Traces, whole.Blocked, whole.Exhausted, whole.Sum).ShouldBe((alone.Traces, 0, true, alone.Sum));
        whole.Checkpoint.ShouldBeNull();
    }

    [Fact]
    public void AReportOfAPartThatNobodyHasIsRefused()
    {
        SharedSearch search = new(DeliveryModel.Fifo, sumsTraces: false);
        PartWorker worker = new(Programs.Senders(2), Options(DeliveryModel.Fifo));
        worker.Begin(search.TryTake().ShouldNotBeNull());
        PartReport report = worker.GiveBack();
        search.Report(report);

        Should.Throw<ArgumentException>(() => search.Report(report)).Message.ShouldContain("nobody works on part 1");
    }

    private static ExplorationOptions Options(DeliveryModel model) =>
        new() { Strategy = StrategyKind.Dpor, Setting = new ExecutionSetting { Model = model }, SumsTraces = true };

    private static void ShouldBeTheSame(SharedSearch search, ExplorationResult alone)
    {
        (search.Counted.Complete, search.Counted.Violating, search.Counted.CutOff, search.Counted.Schedules, search.Counted.Sum)
            .ShouldBe((alone.Traces, alone.ViolatingTraces, 0, alone.Traces, alone.Sum));
        search.Findings.Select(finding => finding.Violation.Specification).ShouldBe(alone.Findings.Select(finding => finding.Violation.Specification));
    }
}

using System.Text;
using ActorVmm.Machine.Conformance;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>From a case and the answers of a machine to an outcome.</summary>
public sealed class ConformanceRunnerTests
{
    private const string Reserve = """{"op":"reserve","args":{"base":null,"size":"0x1000","protect":"PAGE_READWRITE","out":"$a"},"expect":{"status":"STATUS_SUCCESS","value":{"base":"$a"}}}""";
    private const string Release = """{"op":"release","args":{"base":"$a","size":"0x0"},"expect":{"status":"STATUS_SUCCESS"}}""";

    [Fact]
    public void ACaseOfStepsThatAllPassPasses()
    {
        var session = new ScriptedSession(Given(0x7000_0000), CallAnswer.Of(NtStatus.Success));
        Run(session, Reserve, Release).ShouldBe(new CaseRun(Architecture.X64, CaseOutcome.Passed));
        session.Calls[1].ShouldBe(new FreeCall(0x7000_0000, 0, 0x8000), "the symbol is bound to what the first step gave");
        session.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void TheFirstStepThatFailsEndsTheCaseAndIsExplained()
    {
        var session = new ScriptedSession(Given(0x7000_0000), CallAnswer.Of(NtStatus.UnableToFreeVm));
        Run(session, Reserve, Release, Release).ShouldBe(new CaseRun(Architecture.X64, CaseOutcome.Failed, 2, "release", "STATUS_SUCCESS", "STATUS_UNABLE_TO_FREE_VM"));
        session.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public void WhatTheMachineLacksIsUnsupported() =>
        Run(new ScriptedSession(CallAnswer.NotSupported("sections")), Reserve).ShouldBe(new CaseRun(Architecture.X64, CaseOutcome.Unsupported, 1, "reserve", "sections"));

    [Fact]
    public void ABrokenPromiseFailsAStepThatWouldPass()
    {
        CaseRun run = Run(new ScriptedSession(Given(0x7000_0000) with { Broken = "a frame is lost" }), Reserve);
        run.Outcome.ShouldBe(CaseOutcome.Failed);
        run.Actual.ShouldBe("a frame is lost");
    }

    [Fact]
    public void AStepIsLeftOutWhenItsSymbolIsNotBound()
    {
        const string Maybe = """{"op":"reserve","args":{"base":null,"size":"0x1000","protect":"PAGE_READWRITE","out":"$a"},"expect":{"status_any":["STATUS_SUCCESS","STATUS_NO_MEMORY"]}}""";
        const string Then = """{"op":"release","args":{"base":"$a","size":"0x0","only_if":"$a"},"expect":{"status":"STATUS_SUCCESS"}}""";
        var session = new ScriptedSession(CallAnswer.Of(NtStatus.NoMemory));
        Run(session, Maybe, Then).Outcome.ShouldBe(CaseOutcome.Passed);
        session.Calls.Count.ShouldBe(1);
        Run(new ScriptedSession(Given(1), CallAnswer.Of(NtStatus.Success)), Maybe, Then).Outcome.ShouldBe(CaseOutcome.Passed);
    }

    [Fact]
    public void AFailedCallBindsNothingAndALaterBindingReplacesAnEarlierOne()
    {
        Run(new ScriptedSession(CallAnswer.Of(NtStatus.NoMemory) with { Bound = 5 }), """{"op":"reserve","args":{"size":"0x1","out":"$a"},"expect":{"status":"STATUS_NO_MEMORY"}}""", Release)
            .Actual.ShouldBe("$a is bound to nothing");
        var session = new ScriptedSession(Given(1), Given(2), CallAnswer.Of(NtStatus.Success));
        Run(session, Reserve, Reserve, Release);
        session.Calls[2].ShouldBe(new FreeCall(2, 0, 0x8000));
    }

    [Fact]
    public void ProtectRemembersTheBaseItWasGiven()
    {
        var session = new ScriptedSession(CallAnswer.Of(NtStatus.Success) with { Bound = 0x1_0000 }, CallAnswer.Of(NtStatus.Success));
        Run(session, """{"op":"protect","args":{"base":"0x10234","size":"0x1","protect":"PAGE_READONLY","remember":"$a"},"expect":{"status":"STATUS_SUCCESS"}}""", Release);
        session.Calls[1].ShouldBe(new FreeCall(0x1_0234, 0, 0x8000));
    }

    [Fact]
    public void TheWorstRunDecides()
    {
        ConformanceCase one = Case(""","arch_also":["x86"]""", Reserve);
        CaseResult result = new ConformanceRunner(plan =>
            new ScriptedSession(plan.Architecture == Architecture.X64 ? Given(0x7000_0000) : CallAnswer.Of(NtStatus.NoMemory))).Run(one);
        result.Runs.Select(run => run.Outcome).ShouldBe([CaseOutcome.Passed, CaseOutcome.Failed]);
        result.Outcome.ShouldBe(CaseOutcome.Failed);
        result.Deciding.Architecture.ShouldBe(Architecture.X86);
    }

    [Fact]
    public void TheMachineIsTheOneThatTheCaseAsksFor()
    {
        SessionPlan? asked = null;
        ConformanceCase one = Case(""","os":"<=win7","mode":"kernel-caller","given":{"dep":"off","commit_limit_below":"0x1000000"}""", Reserve);
        new ConformanceRunner(plan =>
        {
            asked = plan;
            return new ScriptedSession(Given(1));
        }).Run(one);
        asked.ShouldBe(new SessionPlan(Architecture.X64, WindowsVersion.Windows7, CallLevel.Nt, KernelCaller: true) { DataExecutionPrevention = false, CommitLimitBelow = 0x100_0000 });
    }

    private static CallAnswer Given(ulong address) => CallAnswer.Of(NtStatus.Success, ("base", address)) with { Bound = address };

    private static CaseRun Run(ScriptedSession session, params string[] steps) => new ConformanceRunner(_ => session).Run(Case("", steps), Architecture.X64);

    private static ConformanceCase Case(string more, params string[] steps)
    {
        string line = """{"id":"one","area":"alloc","arch":"x64","level":"nt","steps":[""" + string.Join(',', steps) + "]" + more + "}";
        return CaseFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(line)), "cases").Single();
    }

    /// <summary>A machine that gives answers written beforehand.</summary>
    private sealed class ScriptedSession(params CallAnswer[] answers) : IConformanceSession
    {
        public List<ConformanceCall> Calls { get; } = [];

        public bool IsDisposed { get; private set; }

        public CallAnswer Carry(ConformanceCall call)
        {
            Calls.Add(call);
            return answers[Calls.Count - 1];
        }

        public ulong? ValueOf(string symbol) => null;

        public ulong? MemberOf(ulong value, string member) => null;

        public ulong? LengthOf(ulong file) => null;

        public void Dispose() => IsDisposed = true;
    }
}

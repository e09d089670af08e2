using System.Diagnostics;
using ActorVmm.Actors;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What many processes cost in memory: everything there is for them, in kernel and host, except the frames of the simulated machine,
/// which are counted by themselves.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Many = 1_000_000;
    private const double Mebibyte = 1 << 20;
    private const ulong Start = 0x1000_0000;

    private static readonly Operation _sleep = new(OperationKind.Idle, 0, Operation.MaxArgument);

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        bool met = true;
        Console.WriteLine("what                                           bytes each    managed   resident   target      met?");
        (string Name, Func<bool> Measure)[] parts =
        [
            ("frames", Frames),
            ("idle", () => Processes("idle: started, its one thread has ended", [], 256 * Mebibyte, lingers: true)),
            ("sleeping", () => Processes("idle: started, its thread sleeps on a timer", [_sleep], 256 * Mebibyte, lingers: false)),
            ("touched", () => Processes("one page touched, its thread sleeps", [Commit(), Store(), _sleep], 4_096 * Mebibyte, lingers: false)),
            ("mixed", Mixed),
        ];
        foreach ((_, Func<bool> measure) in parts.Where(part => part.Name.Contains(only, StringComparison.Ordinal)))
        {
            met &= measure();
        }

        return met ? 0 : 1;
    }

    private static Operation Commit() => new(OperationKind.ReserveCommit, Start, PageSize.GranularityBytes, PageProtection.ReadWrite);

    private static Operation Store() => new(OperationKind.Write, Start, 8);

    private static bool Frames()
    {
        const int Count = 4 << 20;
        ResidentMemory before = ResidentMemory.Now();
        var bench = new Bench(new MachinePlan(Count), new OperatorPlan());
        ResidentMemory used = ResidentMemory.Now() - before;
        GC.KeepAlive(bench);
        return Tell("frame", used, Count, null);
    }

    /// <summary>A million processes of one plan, on a machine that is there already and has frames for all.</summary>
    private static bool Processes(string name, Operation[] program, double? target, bool lingers)
    {
        bool touches = Array.Exists(program, operation => operation.IsAccess);
        var plan = new ProcessPlan("many", [new Once(program)]) { Lingers = lingers };
        var machine = new MachinePlan(touches ? Many * 6u : 4_096u) { PagingFiles = [new PagingFilePlan(touches ? 32u * Many : 256)] };
        var bench = new Bench(machine, new OperatorPlan { Processes = [plan], Load = [.. Ramp(), new LoadStep(Ticks.FromSeconds(3_600), Many)] });
        ResidentMemory before = ResidentMemory.Now();
        long start = Stopwatch.GetTimestamp();
        bench.Machine.Host.Run(Ticks.FromSeconds(60));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        ResidentMemory used = ResidentMemory.Now() - before;
        long wanted = touches ? Many : 0;
        if (bench.Machine.Processes.Count != Many || bench.Faults(FaultKind.DemandZero) != wanted)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"{bench.Machine.Processes.Count} processes, {bench.Faults(FaultKind.DemandZero)} faults"));
        }

        bool met = Tell(name, used, Many, target);
        Console.WriteLine(FormattableString.Invariant($"    built and run in {took.TotalSeconds:F1} s, {bench.Machine.Host.Statistics.Turns} turns"));
        return met;
    }

    /// <summary>A thousand more every ten milliseconds: started all at once, their first messages would wait in a pool that stays.</summary>
    private static IEnumerable<LoadStep> Ramp() =>
        Enumerable.Range(1, (Many / 1_000) - 1).Select(step => new LoadStep(Ticks.FromMilliseconds(10), step * 1_000));

    /// <summary>config/scenarios/mixed-10000.yaml: ten thousand processes of two threads each, to its end.</summary>
    private static bool Mixed()
    {
        using Scenario scenario = ScenarioFile.Load(Path.Combine(Repository.Root, "config", "scenarios", "mixed-10000.yaml"));
        long start = Stopwatch.GetTimestamp();
        SimulatedMachine machine = MachineBuilder.Build(scenario, []);
        RunOutcome outcome = machine.Host.Run();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        bool met = outcome == RunOutcome.Quiescent && machine.ScenarioEnded;
        Console.WriteLine(FormattableString.Invariant(
            $"mixed scenario, {machine.Processes.Count} processes of 2 threads: {outcome}, ended {machine.ScenarioEnded}, in {took.TotalSeconds:F1} s; {machine.Host.Statistics.Turns} turns, {machine.Processes.Sum(process => process.PageFaults)} faults, {machine.Host.Now} of its own time"));
        return met;
    }

    private static bool Tell(string name, ResidentMemory used, int count, double? target)
    {
        bool met = target is not { } most || used.Managed <= most;
        string limit = target is { } bytes ? FormattableString.Invariant($"<= {bytes / Mebibyte:F0} MiB") : "";
        string verdict = target is null ? "-" : met ? "yes" : "NO";
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-45} {(double)used.Managed / count,11:F1} {used.Managed / Mebibyte,6:F0} MiB {used.Resident / Mebibyte,6:F0} MiB   {limit,-11} {verdict}"));
        return met;
    }

    /// <summary>A program that is carried out once.</summary>
    private sealed class Once(Operation[] operations) : IProgram
    {
        public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) =>
            position < operations.Length ? operations.AsSpan((int)position) : default;
    }
}

using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;
using ActorVmm.Workloads.Tests.Scenarios;
using ActorVmm.Workloads.Tests.Traces;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Workloads.Tests.Generators;

public sealed class GeneratedProgramTests
{
    private const ulong Base = 0x1_0000_0000;
    private const string Heap = "{ reserve: { name: heap, size: 1MiB } }, { commit: { region: heap, size: 40KiB } }, ";

    [Fact]
    public void PhasesBecomeCallsAndAccesses()
    {
        string story = TraceText.Story(Program(
            Heap + "{ touch: { region: heap, size: 3 pages, writes: 100% } }, { protect: { region: heap, size: 1 page, protect: noaccess } }, "
            + "{ idle: 1us }, { decommit: { region: heap, offset: 8KiB, size: 4KiB } }, { release: { region: heap } }, "
            + "{ reserve: { name: next, size: 65KiB } }"));

        story.ShouldBe(
            "Reserve100000000+100000:ReadWrite Commit100000000+a000:ReadWrite w100000000 w100001000 w100002000 "
            + "Protect100000000+1000:NoAccess idle1000 Decommit100002000+1000:None Release100000000+0:None Reserve100110000+11000:ReadWrite");
    }

    [Theory]
    [InlineData("sequential", 12, "0 1 2 3 4 5 6 7 8 9 0 1")]
    [InlineData("loop(3 pages)", 7, "0 1 2 0 1 2 0")]
    [InlineData("stride(4 pages)", 12, "0 4 8 1 5 9 2 6 3 7 0 4")]
    [InlineData("stride(10 pages)", 5, "0 1 2 3 4")]
    public void OrdersAreWhatTheySay(string pattern, int count, string pages) =>
        Pages(Program(Heap + $"{{ touch: {{ region: heap, pattern: {pattern}, count: {count} }} }}")).ShouldBe(pages.Split(' ').Select(ulong.Parse));

    [Theory]
    [InlineData("random")]
    [InlineData("zipf(0.99)")]
    [InlineData("local(94%, 2 pages)")]
    public void RandomOrdersStayWithinAndVisitEverything(string pattern)
    {
        List<ulong> pages = Pages(Program(Heap + $"{{ touch: {{ region: heap, pattern: {pattern}, count: 20000 }} }}"));

        pages.Distinct().Order().ShouldBe(Enumerable.Range(0, 10).Select(page => (ulong)page));
    }

    [Fact]
    public void LocalityIsWhatItSays()
    {
        List<ulong> pages = Pages(Program(
            "{ reserve: { name: heap, size: 1GiB } }, { commit: { region: heap } }, { touch: { region: heap, pattern: local(94%, 64 pages), count: 409600 } }"));

        // Of each window's accesses 94 % lie within 64 neighbours.
        double near = pages.Chunk(TouchPhase.WindowAccesses).Average(window =>
        {
            ulong middle = window.Order().ElementAt(window.Length / 2);
            return window.Count(page => page + 64 > middle && page < middle + 64) / (double)window.Length;
        });
        near.ShouldBe(0.94, 0.003);
    }

    [Fact]
    public void WritesAreAsManyAsSaid()
    {
        foreach (string pattern in new[] { "sequential", "random", "zipf(1)", "local(50%, 2 pages)", "stride(2 pages)" })
        {
            List<Operation> operations = Accesses(Program(Heap + $"{{ touch: {{ region: heap, pattern: {pattern}, writes: 30%, count: 100000 }} }}"));

            (operations.Count(operation => operation.Kind == OperationKind.Write) / 100_000.0).ShouldBe(0.3, 0.006, pattern);
        }
    }

    [Fact]
    public void AProgramIsAFunctionOfItsPosition()
    {
        IProgram program = Program(
            Heap + "{ repeat: { times: 3, phases: [ { touch: { region: heap, pattern: random, writes: 50%, count: 7 } }, { idle: exp(1ms) }, "
            + "{ repeat: { times: 2, phases: [ { touch: { region: heap, pattern: zipf(0.5), count: 5 } } ] } }, "
            + "{ touch: { region: heap, pattern: local(90%, 2 pages), writes: 10%, count: 9000 } }, { touch: { region: heap, count: 0 } } ] } }");
        List<Operation> all = TraceText.Operations(program);
        all.Count.ShouldBe(2 + (3 * (7 + 1 + 10 + 9000)));

        Check.One(Config.QuickThrowOnFailure.WithReplay(1, 3), Prop.ForAll(
            Gen.Zip(Gen.Choose(0, all.Count - 1), Gen.Choose(1, 300)).ToArbitrary(),
            where =>
            {
                ReadOnlySpan<Operation> read = program.Read(where.Item1, new Operation[where.Item2]);
                return read.Length > 0 && read.SequenceEqual(all.Skip(where.Item1).Take(read.Length).ToArray());
            }));
        program.Read(all.Count, new Operation[1]).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void SeedProcessAndThreadEachMakeAnotherProgram()
    {
        const string Yaml = "{ version: 1, seed: SEED, machine: { ram: 4MiB }, processes: { p: { count: 2, threads: 2, phases: [ "
            + "{ reserve: { name: h, size: 1GiB } }, { commit: { region: h } }, { touch: { region: h, pattern: random, count: 50 } } ] } } }";
        string[] stories =
        [
            .. new[] { "1", "2" }.SelectMany(seed => ScenarioText.Load(Yaml.Replace("SEED", seed, StringComparison.Ordinal)).Operator.Processes)
                .SelectMany(process => process.Threads)
                .Select(TraceText.Story),
        ];

        stories.Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public void OnlyTheFirstThreadGivesMemoryBack()
    {
        IReadOnlyList<IProgram> threads = ScenarioText.Load(
            "{ version: 1, machine: { ram: 4MiB }, processes: { p: { threads: 3, phases: [ " + Heap + "{ touch: { region: heap, size: 1 page } }, { release: { region: heap } } ] } } }")
            .Operator.Processes[0].Threads;

        TraceText.Story(threads[0]).ShouldEndWith("r100000000 Release100000000+0:None");
        TraceText.Story(threads[2]).ShouldEndWith("Commit100000000+a000:ReadWrite r100000000");
    }

    [Fact]
    public void ProgramsArePinned() =>
        TraceText.Story(Program(
                Heap + "{ touch: { region: heap, pattern: random, writes: 50%, count: 6 } }, { idle: normal(4ms, 1ms) }, "
                + "{ touch: { region: heap, pattern: zipf(0.99), count: 6 } }"))
            .ShouldBe(
                "Reserve100000000+100000:ReadWrite Commit100000000+a000:ReadWrite w100008000 r100006000 w100002000 r100009000 w100001000 r100002000 "
                + "idle3169243 r100000000 r100000000 r100001000 r100008000 r100005000 r100004000");

    private static IProgram Program(string phases) => ScenarioText.WithPhases(phases).Operator.Processes[0].Threads[0];

    private static List<Operation> Accesses(IProgram program) => [.. TraceText.Operations(program).Where(operation => operation.IsAccess)];

    private static List<ulong> Pages(IProgram program) => [.. Accesses(program).Select(operation => (operation.Address - Base) >> 12)];
}

using ActorVmm.Cli.Output;
using ActorVmm.Machine.Timelines;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using Spectre.Console;

namespace ActorVmm.Cli.Tests.Output;

/// <summary>Keys move through the run, and the screen says where one is.</summary>
public sealed class SteppingViewTests : IDisposable
{
    private const string Yaml = """
        version: 1
        name: small
        machine: { ram: 1MiB, cpus: 1, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }
        processes:
          one:
            phases:
              - reserve: { name: heap, size: 2MiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential, writes: 100% }
              - touch:   { region: heap, pattern: sequential }
        """;

    private readonly StringWriter _screen = new();
    private readonly RerunTimeline _timeline;
    private readonly SteppingView _view;

    public SteppingViewTests()
    {
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Yaml));
        _timeline = new RerunTimeline(ScenarioFile.Load(text, "small.yaml", new ScenarioOverrides { Seed = 3 }));
        _view = new SteppingView(ConsoleOn(_screen), _timeline, "small");
    }

    public void Dispose()
    {
        _timeline.Dispose();
        _screen.Dispose();
    }

    [Fact]
    public void ArrowsAndPagesStep()
    {
        foreach ((ConsoleKey key, long place) in new[]
        {
            (ConsoleKey.RightArrow, 1L), (ConsoleKey.DownArrow, 2L), (ConsoleKey.LeftArrow, 1L), (ConsoleKey.UpArrow, 0L), (ConsoleKey.UpArrow, 0L),
            (ConsoleKey.PageDown, 100L), (ConsoleKey.PageDown, 200L), (ConsoleKey.PageUp, 100L), (ConsoleKey.Home, 0L),
        })
        {
            _view.Press(Key(key)).ShouldBeTrue();
            _timeline.Position.ShouldBe(place);
        }

        _view.Press(Key(ConsoleKey.End));
        _timeline.Position.ShouldBe(_timeline.Length.ShouldNotBeNull());
        _view.Press(Key(ConsoleKey.RightArrow));
        Screen().ShouldContain("this is the end");
    }

    [Fact]
    public void FaultsAndTrimsAreFoundBothWays()
    {
        _view.Press(Key(ConsoleKey.F));
        long first = _timeline.Position;
        _timeline.Turn.ShouldNotBeNull().Facts.ShouldContain(fact => fact.Kind == FaultOpened.Kind);
        _view.Press(Key(ConsoleKey.F));
        _timeline.Position.ShouldBeGreaterThan(first);
        _view.Press(Key(ConsoleKey.F, shift: true));
        _timeline.Position.ShouldBe(first);
        _view.Press(Key(ConsoleKey.F, shift: true));
        _timeline.Position.ShouldBe(first);
        Screen().ShouldContain("there is no fault before this");

        _view.Press(Key(ConsoleKey.T));
        _timeline.Turn.ShouldNotBeNull().Facts.ShouldContain(fact => fact.Kind == PageUnmapped.Kind);
    }

    [Fact]
    public void APageIsFollowedThroughItsLife()
    {
        _view.Press(Key(ConsoleKey.P));
        Screen().ShouldContain("this turn is about no page");
        _view.Press(Key(ConsoleKey.F));
        (Actors.ActorId process, Vpn page) = TurnFilters.PageOf(_timeline.Turn.ShouldNotBeNull()).ShouldNotBeNull();
        for (int step = 0; step < 3; step++)
        {
            _view.Press(Key(ConsoleKey.P));
            _timeline.Turn.ShouldNotBeNull().Facts.ShouldContain(fact => TurnFilters.Concerns(in fact, _timeline.Turn!.Stamp.Actor, process, page));
        }

        Screen().ShouldContain($"page {page} of one#0");
    }

    [Fact]
    public void ANumberIsTypedAndGoneTo()
    {
        _view.Press(Key(ConsoleKey.G));
        foreach (char digit in "1x23")
        {
            _view.Press(new ConsoleKeyInfo(digit, (ConsoleKey)char.ToUpperInvariant(digit), false, false, false));
        }

        Screen().ShouldContain("go to delivery 123_");
        _view.Press(Key(ConsoleKey.Backspace));
        _timeline.Position.ShouldBe(0);
        _view.Press(Key(ConsoleKey.Enter));
        _timeline.Position.ShouldBe(12);

        _view.Press(Key(ConsoleKey.G));
        _view.Press(Key(ConsoleKey.Escape)).ShouldBeTrue();
        _timeline.Position.ShouldBe(12);
    }

    [Fact]
    public void ItEndsWithQAndWhenThereAreNoMoreKeys()
    {
        var keys = new Queue<ConsoleKeyInfo>([Key(ConsoleKey.RightArrow), Key(ConsoleKey.Q), Key(ConsoleKey.RightArrow)]);
        _view.Run(() => keys.TryDequeue(out ConsoleKeyInfo key) ? key : null, CancellationToken.None);
        _timeline.Position.ShouldBe(1);
        keys.Count.ShouldBe(1);
        _view.Run(() => keys.TryDequeue(out ConsoleKeyInfo key) ? key : null, CancellationToken.None);
        _timeline.Position.ShouldBe(2);
    }

    [Fact]
    public void TheScreenSaysWhereOneIs()
    {
        Screen().ShouldContain("nothing has happened yet");
        _view.Press(Key(ConsoleKey.PageDown));
        Screen().ShouldContain("small, seed 3   delivery 100");
        Screen().ShouldContain("heard:");
    }

    private static ConsoleKeyInfo Key(ConsoleKey key, bool shift = false) => new('\0', key, shift, alt: false, control: false);

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 160;
        return console;
    }

    private string Screen()
    {
        using var text = new StringWriter();
        ConsoleOn(text).Write(_view.Draw());
        return text.ToString();
    }
}

using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Cli.Verbs;
using ActorVmm.Journal;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using ActorVmm.Protocol;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorVmm.Cli.Output;

/// <summary>A run on a terminal, one turn at a time: forwards, backwards, to the next fault or trim, along the biography of a page.</summary>
internal sealed class SteppingView(IAnsiConsole console, ITimeline timeline, string title)
{
    private const int Stride = 100;
    private const int MostLines = 12;
    private const int MostDigits = 18;
    private const string Help = "arrows ±1   PageUp/PageDown ±100   Home End   f fault   t trim   p page (with Shift: backwards)   g go to   q quit";

    private (ActorId Process, Vpn Page)? _page;
    private string? _digits;
    private string _said = "";

    /// <summary>Shows the run until somebody quits.</summary>
    /// <param name="readKey">The next key; null when there are no more.</param>
    /// <param name="cancel">Ends a search, and the view.</param>
    public void Run(Func<ConsoleKeyInfo?> readKey, CancellationToken cancel) =>
        console.Live(Draw()).AutoClear(true).Start(live =>
        {
            while (!cancel.IsCancellationRequested && readKey() is { } key && Press(key, cancel))
            {
                live.UpdateTarget(Draw());
            }
        });

    /// <summary>Does what a key asks for; false when that is to quit.</summary>
    public bool Press(ConsoleKeyInfo key, CancellationToken cancel = default)
    {
        _said = "";
        try
        {
            if (_digits is null)
            {
                return Carry(key, cancel);
            }

            Type(key, cancel);
            return true;
        }
        catch (RunDivergedException diverged)
        {
            _said = diverged.Message;
            timeline.Seek(Math.Max(diverged.Divergence.Delivery - 1, 0), cancel);
            return true;
        }
    }

    private bool Carry(ConsoleKeyInfo key, CancellationToken cancel)
    {
        bool back = (key.Modifiers & ConsoleModifiers.Shift) != 0;
        switch (key.Key)
        {
            case ConsoleKey.RightArrow or ConsoleKey.DownArrow: Step(1, cancel); break;
            case ConsoleKey.LeftArrow or ConsoleKey.UpArrow: Step(-1, cancel); break;
            case ConsoleKey.PageDown: Step(Stride, cancel); break;
            case ConsoleKey.PageUp: Step(-Stride, cancel); break;
            case ConsoleKey.Home: timeline.Seek(0, cancel); break;
            case ConsoleKey.End: timeline.Seek(long.MaxValue, cancel); break;
            case ConsoleKey.F: Find(TurnFilters.Fault, back, "fault", cancel); break;
            case ConsoleKey.T: Find(TurnFilters.Trim, back, "trim", cancel); break;
            case ConsoleKey.P: FollowPage(back, cancel); break;
            case ConsoleKey.G: _digits = ""; break;
            case ConsoleKey.Q or ConsoleKey.Escape: return false;
        }

        return true;
    }

    /// <summary>What is on the screen.</summary>
    public IRenderable Draw()
    {
        Census census = Census.Of(timeline.Machine);
        string of = timeline.Length is { } length ? " of " + Numbers.Count(length) : "";
        var lines = new List<IRenderable>
        {
            new Text($"{title}, seed {timeline.Machine.Seed.ToString(CultureInfo.InvariantCulture)}   delivery {Numbers.Count(timeline.Position)}{of}   virtual time {Numbers.Time(timeline.Machine.Host.Now)}"),
            new Text(
                $"active {Numbers.Count(census.Pages.Active)}  standby {Numbers.Count(census.Pages.StandbyTotal)}  modified {Numbers.Count(census.Pages.Modified)}  "
                + $"transition {Numbers.Count(census.Pages.Transition)}  zeroed {Numbers.Count(census.Pages.Zeroed)}  free {Numbers.Count(census.Pages.Free)}   page faults {Numbers.Count(census.Faults.Total)}"),
            new Text(""),
        };
        lines.AddRange(TurnLines().Select(line => new Text(line)));
        lines.Add(new Text(""));
        lines.Add(new Text(_digits is null ? _said : $"go to delivery {_digits}_   (Enter goes, Escape stays)"));
        lines.Add(new Text(Help));
        return new Rows(lines);
    }

    private IEnumerable<string> TurnLines()
    {
        if (timeline.Stop is { } stop)
        {
            return ["the machine has stopped: " + stop.Message];
        }

        if (timeline.Turn is not { } turn)
        {
            return ["nothing has happened yet"];
        }

        string[] text = TurnView.Draw(turn, timeline.Names).Text().TrimEnd('\n').Split('\n');
        return text.Length <= MostLines ? text : text.Take(MostLines).Append($"… and {Numbers.Count(text.Length - MostLines)} more lines");
    }

    private void Step(long turns, CancellationToken cancel)
    {
        long before = timeline.Position;
        timeline.Seek(Math.Max(before + turns, 0), cancel);
        _said = timeline.Position != before ? InspectVerb.EndOf(timeline) ?? "" : turns > 0 ? InspectVerb.EndOf(timeline) ?? "this is the end" : "this is the beginning";
    }

    private void Find(TurnFilter filter, bool back, string what, CancellationToken cancel)
    {
        bool found = back ? timeline.SeekPrevious(filter, cancel) : timeline.SeekNext(filter, cancel);
        _said = found ? "" : $"there is no {what} {(back ? "before" : "after")} this";
    }

    /// <summary>Keeps to the page it follows as long as the turn shown is about it; otherwise takes the page that the turn is about.</summary>
    private void FollowPage(bool back, CancellationToken cancel)
    {
        if (timeline.Turn is { } turn && (_page is not { } known || !turn.Facts.Any(fact => TurnFilters.Concerns(in fact, turn.Stamp.Actor, known.Process, known.Page))))
        {
            _page = TurnFilters.PageOf(turn);
        }

        if (_page is not { } page)
        {
            _said = "this turn is about no page: find a fault first";
            return;
        }

        string name = $"page {page.Page} of {timeline.Names.NameOf(page.Process)}";
        Find(TurnFilters.Page(page.Process, page.Page), back, "turn about " + name, cancel);
        _said = _said.Length == 0 ? name : _said;
    }

    private void Type(ConsoleKeyInfo key, CancellationToken cancel)
    {
        switch (key.Key)
        {
            case ConsoleKey.Escape:
                _digits = null;
                break;
            case ConsoleKey.Backspace:
                _digits = _digits![..Math.Max(_digits!.Length - 1, 0)];
                break;
            case ConsoleKey.Enter:
                string digits = _digits!;
                _digits = null;
                if (digits.Length > 0)
                {
                    timeline.Seek(long.Parse(digits, CultureInfo.InvariantCulture), cancel);
                }

                break;
            default:
                if (char.IsAsciiDigit(key.KeyChar) && _digits!.Length < MostDigits)
                {
                    _digits += key.KeyChar;
                }

                break;
        }
    }
}

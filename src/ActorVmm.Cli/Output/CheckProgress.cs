using ActorVmm.Machine.Conformance;
using Spectre.Console;

namespace ActorVmm.Cli.Output;

/// <summary>What somebody sees while cases run: a bar on a terminal, a line every few seconds elsewhere, nothing with -q.</summary>
internal sealed class CheckProgress : IDisposable
{
    private readonly Session _session;
    private readonly int _cases;
    private readonly bool _bar;
    private long _shown;

    private CheckProgress(Session session, int cases)
    {
        _session = session;
        _cases = cases;
        _bar = !session.Json && !session.Quiet && !session.Plain && session.Screen.IsTalkTerminal;
        _shown = session.Clock.GetTimestamp();
    }

    public static CheckProgress Of(Session session, int cases) => new(session, cases);

    /// <summary>These cases have run.</summary>
    public void Show(IReadOnlyList<CaseResult> results)
    {
        TimeSpan interval = _bar ? TimeSpan.FromMilliseconds(100) : _session.ProgressInterval;
        if (_session.Quiet || _session.Clock.GetElapsedTime(_shown) < interval)
        {
            return;
        }

        _shown = _session.Clock.GetTimestamp();
        if (_session.Json)
        {
            _session.Screen.Out.WriteLine(CheckJson.ProgressOf(results, _cases));
            _session.Screen.Flush();
        }
        else if (_bar)
        {
            Clear();
            int filled = results.Count * 30 / _cases;
            _session.Screen.Talk.Write(new Text($"[{new string('#', filled)}{new string('.', 30 - filled)}] {Sentence(results)}"));
        }
        else
        {
            _session.Screen.Talk.Line(Sentence(results));
        }
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        if (_bar)
        {
            _session.Screen.Talk.Write(new ControlCode("\r\u001b[K"));
        }
    }

    private string Sentence(IReadOnlyList<CaseResult> results) =>
        $"{Numbers.Count(results.Count)} of {Numbers.Count(_cases, "case")}, {Numbers.Count(results.Count(result => result.Outcome == CaseOutcome.Failed))} failed";
}

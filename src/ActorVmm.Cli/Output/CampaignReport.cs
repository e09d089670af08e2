using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Cli.Campaigns;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Verbs;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;
using Spectre.Console;

namespace ActorVmm.Cli.Output;

/// <summary>Says how a campaign gets on and what it came to, to people and to programs: the same numbers, from the ledger.</summary>
internal sealed class CampaignReport
{
    private const int BarWidth = 30;
    private const int LongestShape = 160;

    private static readonly TimeSpan _barInterval = TimeSpan.FromMilliseconds(200);

    private readonly Session _session;
    private readonly CampaignPlan _plan;
    private readonly SeedRunners _runners;
    private readonly CampaignBook _book;
    private readonly string? _place;
    private readonly bool _bar;
    private readonly long _began;
    private TimeSpan _next;
    private int _nodes;

    /// <param name="session">Where it is said.</param>
    /// <param name="plan">The campaign.</param>
    /// <param name="runners">Know what shows a finding.</param>
    /// <param name="place">The journal; null when there is none.</param>
    /// <param name="book">Knows how far it is.</param>
    public CampaignReport(Session session, CampaignPlan plan, SeedRunners runners, string? place, CampaignBook book)
    {
        (_session, _plan, _runners, _place, _book) = (session, plan, runners, place, book);
        _bar = !session.Json && !session.Quiet && !session.Plain && session.Screen.IsTalkTerminal;
        _began = session.Clock.GetTimestamp();
        _next = _bar ? _barInterval : session.ProgressInterval;
    }

    /// <summary>Seeds at a time on this node.</summary>
    public int Workers { get; init; }

    /// <summary>The most nodes that took part at a time.</summary>
    private int Nodes { get; set; } = 1;

    /// <summary>The first lines: the seeds, and what is run with them.</summary>
    public void Head()
    {
        if (_session.Json)
        {
            if (!_session.Quiet)
            {
                WriteProgress(TimeSpan.Zero);
            }

            return;
        }

        TextWriter line = _session.Screen.Out;
        line.WriteLine(FormattableString.Invariant($"seeds {_plan.First}..{_plan.Last}"));
        line.WriteLine(
            $"campaign {_plan.Id[..8]}: {_plan.Subject}, {Numbers.Count(_plan.Seeds, "seed")}, {(_runners.Explores ? "explored" : "run")} by {Numbers.Count(Workers, "worker")}"
            + (_place is null ? "; not recorded" : $"; results in {_place}"));
        if (_book.AtBeginning > 0)
        {
            line.WriteLine($"goes on: {Numbers.Count(_book.AtBeginning)} of {Numbers.Count(_plan.Seeds, "seed")} are done already");
        }

        _session.Screen.Flush();
    }

    /// <summary>Where other nodes may join.</summary>
    /// <param name="address">host:port.</param>
    /// <param name="wanted">Nodes to wait for, this one included.</param>
    public void Listening(string address, int wanted)
    {
        if (_session.Json)
        {
            _session.Screen.Out.WriteLine(JsonLine.Of("progress", json =>
            {
                json.WriteString("campaign", _plan.Id);
                json.WriteString("listening", address);
                json.WriteNumber("nodesWanted", wanted);
            }));
        }
        else
        {
            string wait = wanted > 1 ? $"; waits for {Numbers.Count(wanted - 1, "other node")}" : "";
            _session.Screen.Out.WriteLine($"listens on {address}{wait}; on each: actorvmm campaign join {address}");
        }

        _session.Screen.Flush();
    }

    /// <summary>Tells it when a node has come or gone.</summary>
    /// <param name="nodes">How many take part.</param>
    public void SayNodes(int nodes)
    {
        if (nodes == _nodes)
        {
            return;
        }

        Clear();
        if (!_session.Quiet && !_session.Json)
        {
            _session.Screen.Talk.Line(nodes > _nodes ? $"{Numbers.Count(nodes, "node")} there" : $"a node is gone, {Numbers.Count(nodes)} left: its seeds are run elsewhere");
        }

        (_nodes, Nodes) = (nodes, Math.Max(Nodes, nodes));
    }

    /// <summary>Tells what there is to tell; called ten times a second.</summary>
    public void Tick()
    {
        bool told = false;
        while (_book.NextFinding() is { } found)
        {
            Clear();
            Write(found);
            told = true;
        }

        TimeSpan elapsed = _session.Clock.GetElapsedTime(_began);
        if (!_session.Quiet && elapsed >= _next)
        {
            _next = elapsed + (_bar ? _barInterval : _session.ProgressInterval);
            WriteProgress(elapsed);
            told |= _session.Json;
        }

        if (told)
        {
            _session.Screen.Flush();
        }
    }

    /// <summary>What it came to.</summary>
    /// <param name="ledger">Knows.</param>
    /// <param name="interrupted">Whether somebody stopped it.</param>
    public ExitCode Summary(ICampaignLedger ledger, bool interrupted)
    {
        Clear();
        CampaignTotals totals = ledger.Totals();
        IReadOnlyList<FindingGroup> findings = ledger.Findings();
        Fingerprint fingerprint = CampaignFingerprint.Of(ledger.Results());
        TimeSpan wall = _session.Clock.GetElapsedTime(_began);
        bool isElsewhere = !interrupted && totals.Done < _plan.Seeds;
        if (_session.Json)
        {
            string end = interrupted ? "interrupted" : isElsewhere ? "elsewhere" : "finished";
            _session.Screen.Out.WriteLine(JsonLine.Of("summary", json => Write(json, totals, findings, fingerprint, end, wall)));
        }
        else
        {
            Print(totals, findings, fingerprint, wall);
        }

        // Nodes that take their time to say goodbye are not to cost anybody the summary.
        _session.Screen.Flush();
        if (isElsewhere)
        {
            _session.Screen.Talk.Line($"{Numbers.Count(_plan.Seeds - totals.Done, "seed")} are being run by another process, which holds their leases; the same command shows what they come to");
        }

        return isElsewhere && totals.Done == _book.AtBeginning ? ExitCode.NothingToDo : totals.Found > 0 ? ExitCode.Found : ExitCode.Fine;
    }

    private void WriteProgress(TimeSpan elapsed)
    {
        CampaignTotals totals = _book.Totals;
        double rate = elapsed > TimeSpan.Zero ? (totals.Done - _book.AtBeginning) / elapsed.TotalSeconds : 0;
        if (_session.Json)
        {
            _session.Screen.Out.WriteLine(JsonLine.Of("progress", json =>
            {
                json.WriteString("campaign", _plan.Id);
                json.WriteNumber("seeds", _plan.Seeds);
                json.WriteNumber("done", totals.Done);
                json.WriteNumber("found", totals.Found);
                json.WriteNumber("turns", totals.Turns);
                json.WriteNumber("nodes", Math.Max(_nodes, 1));
                json.WriteNumber("seedsPerSecond", Math.Round(rate, 1));
                json.WriteNumber("wallSeconds", Math.Round(elapsed.TotalSeconds, 3));
            }));
            _session.Screen.Flush();
            return;
        }

        string left = rate > 0 ? $", about {Numbers.Seconds(TimeSpan.FromSeconds((_plan.Seeds - totals.Done) / rate))} left" : "";
        string sentence = $"{Numbers.Count(totals.Done)} of {Numbers.Count(_plan.Seeds, "seed")}, {Numbers.Count(totals.Found)} found something, {rate.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} a second{left}";
        if (_bar)
        {
            Clear();
            int filled = (int)((Int128)totals.Done * BarWidth / _plan.Seeds);
            _session.Screen.Talk.Write(new Text($"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {sentence}"));
        }
        else
        {
            _session.Screen.Talk.Line($"{Numbers.Seconds(elapsed)}: {sentence}");
        }
    }

    private void Clear()
    {
        if (_bar)
        {
            _session.Screen.Talk.Write(new ControlCode("\r\u001b[K"));
        }
    }

    private void Write(FindingGroup found)
    {
        if (_session.Json)
        {
            _session.Screen.Out.WriteLine(JsonLine.Of("finding", json => Write(json, found, found.Seed)));
            return;
        }

        _session.Screen.Out.WriteLine(FormattableString.Invariant($"found with seed {found.Seed}: {found.Finding.Specification}. {found.Finding.Text}"));
    }

    private void Write(Utf8JsonWriter json, CampaignTotals totals, IReadOnlyList<FindingGroup> findings, Fingerprint fingerprint, string end, TimeSpan wall)
    {
        json.WriteString("campaign", _plan.Id);
        json.WriteString("subject", _plan.Subject);
        json.WriteStartObject("seeds");
        json.WriteNumber("first", _plan.First);
        json.WriteNumber("last", _plan.Last);
        json.WriteNumber("count", _plan.Seeds);
        json.WriteNumber("done", totals.Done);
        json.WriteNumber("clean", totals.Done - totals.Found);
        json.WriteNumber("found", totals.Found);
        json.WriteNumber("left", _plan.Seeds - totals.Done);
        json.WriteEndObject();
        json.WriteNumber("turns", totals.Turns);
        json.WriteNumber("messages", totals.Messages);
        json.WriteNumber("accesses", totals.Accesses);
        json.WriteNumber("pageFaults", totals.PageFaults);
        json.WriteNumber("schedules", totals.Schedules);
        json.WriteNumber("violatingSchedules", totals.ViolatingSchedules);
        json.WriteStartArray("findings");
        foreach (FindingGroup group in findings)
        {
            json.WriteStartObject();
            Write(json, group, group.LowestSeed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("fingerprint", fingerprint.ToString());
        json.WriteString("kernel", _plan.Kernel);
        json.WriteString("journal", _place ?? JournalPlace.None);
        json.WriteString("end", end);
        json.WriteNumber("workers", Workers);
        json.WriteNumber("nodes", Nodes);
        json.WriteNumber("seedsPerSecond", Math.Round((totals.Done - _book.AtBeginning) / Math.Max(wall.TotalSeconds, 1e-3), 1));
        json.WriteNumber("wallSeconds", Math.Round(wall.TotalSeconds, 3));
    }

    /// <param name="json">Gets it.</param>
    /// <param name="group">The finding.</param>
    /// <param name="seed">The seed to name: the first to come to it, or the smallest. A schedule shows what the first one found.</param>
    private void Write(Utf8JsonWriter json, FindingGroup group, ulong seed)
    {
        json.WriteString("finding", group.Finding.Key);
        json.WriteString("specification", group.Finding.Specification);
        json.WriteString("shape", group.Finding.Shape);
        json.WriteString("text", group.Finding.Text);
        json.WriteNumber("seed", seed);
        json.WriteNumber("seeds", group.Seeds);
        if (_runners.Explores)
        {
            json.WriteString("schedule", group.Finding.Schedule);
            json.WriteString("shrunkSchedule", group.Finding.ShrunkSchedule);
            json.WriteNumber("shrunkTurns", group.Finding.ShrunkTurns);
        }

        if (group.Run.Length > 0)
        {
            json.WriteString("run", group.Run);
            json.WriteNumber("runSeed", group.Seed);
        }

        json.WriteString("reproduce", ReproduceOf(group));
    }

    private void Print(CampaignTotals totals, IReadOnlyList<FindingGroup> findings, Fingerprint fingerprint, TimeSpan wall)
    {
        Table table = Tables.New("Seeds", ">count", ">share");
        table.Row("Clean", Numbers.Count(totals.Done - totals.Found), Numbers.Percent(totals.Done - totals.Found, _plan.Seeds));
        table.Row("Found something", Numbers.Count(totals.Found), Numbers.Percent(totals.Found, _plan.Seeds));
        table.Row("Not run", Numbers.Count(_plan.Seeds - totals.Done), Numbers.Percent(_plan.Seeds - totals.Done, _plan.Seeds));
        table.Row("Total", Numbers.Count(_plan.Seeds), "");
        _session.Screen.Result.Print(table);
        if (findings.Count > 0)
        {
            Table found = Tables.New("Finding", ">seeds", ">smallest", "promise", "what they have in common");
            foreach (FindingGroup group in findings)
            {
                found.Row(
                    group.Finding.Key[..8], Numbers.Count(group.Seeds), group.LowestSeed.ToString(System.Globalization.CultureInfo.InvariantCulture), group.Finding.Specification, Short(group.Finding));
            }

            _session.Screen.Result.Print(found);
        }

        foreach (FindingGroup group in findings)
        {
            Print(group);
        }

        string counted = _runners.Explores
            ? $"{Numbers.Count(totals.Schedules, "schedule")}, {Numbers.Count(totals.ViolatingSchedules)} of them broke a promise, {Numbers.Count(totals.Turns, "turn")}"
            : $"{Numbers.Count(totals.Turns, "turn")}, {Numbers.Count(totals.Accesses, "access", "accesses")}, {Numbers.Count(totals.PageFaults, "page fault")}";
        long ran = totals.Done - _book.AtBeginning;
        _session.Screen.Out.WriteLine($"{counted}; {Numbers.Count(ran, "seed")} in {Numbers.Seconds(wall)} by {Numbers.Count(Workers, "worker")}" + (Nodes > 1 ? $" here, {Numbers.Count(Nodes)} nodes" : ""));
        _session.Screen.Out.WriteLine($"fingerprint {fingerprint}   (same seeds and build: same fingerprint)");
    }

    private void Print(FindingGroup group)
    {
        TextWriter line = _session.Screen.Out;
        line.WriteLine(FormattableString.Invariant($"{group.Finding.Key[..8]}  {group.Finding.Specification}: {group.Finding.Text} (seed {group.Seed})"));
        line.WriteLine("          again:    " + ReproduceOf(group));
        if (group.Run.Length > 0)
        {
            string from = _place is null || string.Equals(_place, JournalPlace.Default, StringComparison.Ordinal) ? "" : $" --journal {Shell.Quote(_place)}";
            line.WriteLine($"          recorded: actorvmm replay {group.Run}{from}, and so inspect, explain, diff, trace export");
        }
    }

    private static string Short(SeedFinding finding)
    {
        string shape = finding.ShrunkTurns > 0 ? FormattableString.Invariant($"{finding.ShrunkTurns} turns: {finding.Shape}") : finding.Shape;
        return shape.Length > LongestShape ? shape[..LongestShape] + "…" : shape;
    }

    /// <summary>A schedule is shown with the seed that it belongs to, and a run with the smallest that comes to the same.</summary>
    private string ReproduceOf(FindingGroup group) => _runners.Reproduce(_runners.Explores ? group.Seed : group.LowestSeed, group.Finding);
}

using ActorVmm.Actors;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Explaining;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Shrinking;
using ActorVmm.Explorer.Strategies;
using ActorVmm.Runtime;

namespace ActorVmm.Cli.Output;

/// <summary>Says what an exploration does and what it came to, to people and to programs.</summary>
internal sealed class ExplorationReport(Session session, ISubject subject, ExplorationOptions options)
{
    private TimeSpan _next = session.ProgressInterval;

    /// <summary>Records a schedule as a run, and says the run's id and the journal; null when findings are not recorded.</summary>
    public Func<Schedule, (string Run, string Place)>? Record { get; init; }

    public static string NameOf(DeliveryModel model) => model.ToString().ToLowerInvariant();

    public static string NameOf(StrategyKind strategy) => strategy.ToString().ToLowerInvariant();

    /// <summary>The first lines: the seed, and what is searched.</summary>
    public void Head()
    {
        if (session.Json)
        {
            return;
        }

        session.Screen.Out.WriteLine(FormattableString.Invariant($"seed {options.Seed}"));
        session.Screen.Out.WriteLine(FormattableString.Invariant(
            $"{subject.Command}: strategy {NameOf(options.Strategy)}, {NameOf(options.Setting.Model)} delivery, timers fire at most {options.Setting.TimerFirings} times"));
        session.Screen.Flush();
    }

    /// <summary>A line every few seconds.</summary>
    public void Progress(ExplorationProgress progress)
    {
        if (session.Quiet || progress.Elapsed < _next)
        {
            return;
        }

        _next = progress.Elapsed + session.ProgressInterval;
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("progress", json =>
            {
                json.WriteNumber("schedules", progress.Schedules);
                json.WriteNumber("turns", progress.Turns);
                json.WriteNumber("violatingSchedules", progress.Violating);
                json.WriteNumber("estimatedTraces", Math.Round(progress.EstimatedTraces));
                json.WriteNumber("wallSeconds", Math.Round(progress.Elapsed.TotalSeconds, 3));
            }));
            session.Screen.Flush();
            return;
        }

        string about = progress.EstimatedTraces > 0 ? $" of about {Numbers.Count((long)progress.EstimatedTraces)}" : "";
        session.Screen.Talk.Line($"{Numbers.Seconds(progress.Elapsed)}: {Numbers.Count(progress.Schedules)} schedules{about}, {Numbers.Count(progress.Violating)} broke a promise");
    }

    /// <summary>What it came to, with each finding shrunk and explained.</summary>
    public void Summary(ExplorationResult result, CertificateOutcome? certificate = null)
    {
        ToldFinding[] findings = [.. result.Findings.Select(Tell)];
        if (session.Json)
        {
            foreach (ToldFinding finding in findings)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("finding", json => Write(json, finding)));
            }

            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                Write(json, result, findings);
                Write(json, certificate);
            }));
            return;
        }

        Print(result);
        if (certificate is not null)
        {
            session.Screen.Out.WriteLine(certificate.Words);
        }

        foreach (ToldFinding finding in findings)
        {
            Print(finding);
        }
    }

    /// <summary>Shows a finding that was recorded, shrunk.</summary>
    /// <param name="finding">As it was found.</param>
    /// <param name="shrunk">What is left of it.</param>
    /// <param name="recorded">Where that is recorded.</param>
    /// <param name="smaller">The file of the smaller scenario that it is a finding of; null when that was not shrunk.</param>
    public void Shrunk(Finding finding, ShrunkFinding shrunk, (string Run, string Place) recorded, string? smaller = null)
    {
        ToldFinding told = Tell(finding, shrunk) with { Recorded = recorded };
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                Write(json, told);
                if (smaller is not null)
                {
                    json.WriteString("scenario", smaller);
                }
            }));
            return;
        }

        if (smaller is not null)
        {
            session.Screen.Out.WriteLine($"The smallest scenario that still shows it: {smaller}");
        }

        Print(told);
    }

    /// <summary>Runs one schedule and shows it turn by turn.</summary>
    /// <exception cref="Refusal">It is not one of this subject.</exception>
    public ExitCode Replay(Schedule schedule)
    {
        ExploredMachine machine = new(subject, options.Setting, recorded: true);
        ReplayStrategy replay = new(schedule);
        replay.Begin(0);
        try
        {
            machine.Run(replay);
        }
        catch (ScheduleMismatchException mismatch)
        {
            throw new Refusal(ExitCode.JournalDamaged, "--schedule: " + mismatch.Message, mismatch);
        }

        if (!replay.IsUsedUp)
        {
            throw new Refusal(ExitCode.JournalDamaged, "--schedule: the execution ends before the schedule does: it was recorded on another machine");
        }

        ExplorationResult result = ResultOf(machine);
        if (session.Json)
        {
            Summary(result);
        }
        else
        {
            IReadOnlyList<TranscriptRow> rows = Transcript.Of(machine);
            Print(rows);
            session.Screen.Out.WriteLine(machine.Violation is { } broken
                ? FormattableString.Invariant($"In turn {broken.Turn} a promise broke: {broken.Specification}. {broken.Words}.")
                : "No promise broke.");
            foreach ((int first, int second) in MessageRaces.Of(machine))
            {
                session.Screen.Out.WriteLine(FormattableString.Invariant(
                    $"Race at {rows[first].Actor}: {rows[first].Heard} (turn {first + 1}) and {rows[second].Heard} (turn {second + 1}); nothing orders them."));
            }
        }

        return machine.Violation is null ? ExitCode.Fine : ExitCode.Found;
    }

    private static ExplorationResult ResultOf(ExploredMachine machine)
    {
        long violating = machine.Violation is null ? 0 : 1;
        return new ExplorationResult
        {
            Schedules = 1,
            ViolatingSchedules = violating,
            Traces = 1,
            ViolatingTraces = violating,
            Turns = machine.Turns,
            Findings = machine.Violation is { } violation ? [new Finding(violation, machine.Host.Recorded, 1, machine.Turns)] : [],
        };
    }

    private ToldFinding Tell(Finding finding) =>
        Tell(finding, new Shrinker(subject, options.Setting).Shrink(finding)) with { Recorded = Record?.Invoke(finding.Schedule) };

    private ToldFinding Tell(Finding finding, ShrunkFinding shrunk) =>
        new(finding, shrunk, new Explainer(subject, options.Setting).Explain(shrunk), CommandOf(shrunk.Schedule), CommandOf(finding.Schedule));

    private string CommandOf(Schedule schedule)
    {
        string timers = subject is Explorer.Models.ModelSubject && options.Setting.TimerFirings == 1 ? "" : FormattableString.Invariant($" --timers {options.Setting.TimerFirings}");
        return $"actorvmm explore {subject.Command} --delivery {NameOf(options.Setting.Model)}{timers} --schedule {schedule}";
    }

    private void Print(ExplorationResult result)
    {
        string exact = options.Strategy == StrategyKind.Dpor
            ? $"{Numbers.Count(result.Traces, "trace")}, {Numbers.Count(result.ViolatingTraces)} of them broke a promise, {Numbers.Count(result.Blocked)} executions in vain; {(result.Exhausted ? "these are all" : $"of about {Numbers.Count((long)result.EstimatedTraces)}")}"
            : $"{Numbers.Count(result.Schedules, "schedule")}, {Numbers.Count(result.ViolatingSchedules)} of them broke a promise; {Numbers.Count(result.Traces)} of them differ in more than the order of turns that commute";
        session.Screen.Out.WriteLine(exact);
        if (result.Coverage is { } coverage)
        {
            string sometimes = coverage.Sometimes.Count == 0 ? "" : FormattableString.Invariant($"; of {coverage.Sometimes.Count} situations that promises wait for, {coverage.Reached} were reached");
            session.Screen.Out.WriteLine($"coverage: {Numbers.Count(result.Traces, "distinct trace")}, {Numbers.Count(coverage.RacingPairs, "racing pair")} of messages, {Numbers.Count(coverage.BothOrders)} of them in both orders{sometimes}");
        }

        if (options.SkipsKnownStates)
        {
            session.Screen.Out.WriteLine($"{Numbers.Count(result.States, "distinct state")} in which something could be delivered; {(result.Exhausted ? "these are all" : "there may be more")}");
        }

        session.Screen.Out.WriteLine($"{Numbers.Count((long)result.SchedulesPerSecond)} schedules and {Numbers.Count((long)result.TurnsPerSecond)} turns per second, {Numbers.Seconds(result.Elapsed)}");
    }

    private void Print(ToldFinding finding)
    {
        session.Screen.Out.WriteLine();
        session.Screen.Out.WriteLine(FormattableString.Invariant(
            $"Found in schedule {finding.Finding.FirstAt}, {finding.Finding.Turns} turns; shrunk to {finding.Shrunk.Turns}:"));
        ExploredMachine machine = new(subject, options.Setting, recorded: true);
        ReplayStrategy replay = new(finding.Shrunk.Schedule);
        replay.Begin(0);
        machine.Run(replay);
        Print([.. Transcript.Of(machine).Take(finding.Shrunk.Turns)]);
        foreach (string line in finding.Words)
        {
            session.Screen.Out.WriteLine(line);
        }

        session.Screen.Out.WriteLine("Again, shrunk:    " + finding.Replay);
        session.Screen.Out.WriteLine("Again, as found:  " + finding.ReplayAsFound);
        if (finding.Recorded is { } recorded)
        {
            string from = string.Equals(recorded.Place, JournalPlace.Default, StringComparison.Ordinal) ? "" : $" --journal {CommandLine.Shell.Quote(recorded.Place)}";
            session.Screen.Out.WriteLine($"Recorded: actorvmm replay {recorded.Run}{from}, and so inspect, diff, trace export, shrink, explain");
        }
    }

    private void Print(IReadOnlyList<TranscriptRow> rows)
    {
        Spectre.Console.Table table = Tables.New(">turn", "actor", "heard", "established", "asked");
        foreach (TranscriptRow row in rows)
        {
            table.Row(row.Turn.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Actor, row.Heard, row.Established, row.Asked);
        }

        session.Screen.Result.Print(table);
    }

    private void Write(System.Text.Json.Utf8JsonWriter json, ExplorationResult result, IEnumerable<ToldFinding> findings)
    {
        json.WriteString("strategy", NameOf(options.Strategy));
        json.WriteString("delivery", NameOf(options.Setting.Model));
        json.WriteNumber("schedules", result.Schedules);
        json.WriteNumber("traces", result.Traces);
        json.WriteNumber("violatingTraces", result.ViolatingTraces);
        json.WriteNumber("blocked", result.Blocked);
        json.WriteBoolean("exhausted", result.Exhausted);
        json.WriteNumber("violatingSchedules", result.ViolatingSchedules);
        json.WriteStartArray("findings");
        foreach (ToldFinding finding in findings)
        {
            json.WriteStartObject();
            Write(json, finding);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("schedulesPerSecond", Math.Round(result.SchedulesPerSecond, 1));
        json.WriteNumber("stepsPerSecond", Math.Round(result.TurnsPerSecond, 1));
        json.WriteString("subject", subject.Command);
        json.WriteNumber("seed", options.Seed);
        json.WriteNumber("timers", options.Setting.TimerFirings);
        json.WriteNumber("turns", result.Turns);
        json.WriteNumber("states", result.States);
        json.WriteNumber("estimatedTraces", Math.Round(result.EstimatedTraces));
        if (result.Coverage is { } coverage)
        {
            Write(json, result.Traces, coverage);
        }

        json.WriteNumber("wallSeconds", Math.Round(result.Elapsed.TotalSeconds, 3));
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, long traces, Coverage coverage)
    {
        json.WriteStartObject("coverage");
        json.WriteNumber("distinctTraces", traces);
        json.WriteNumber("racingPairs", coverage.RacingPairs);
        json.WriteNumber("racingPairsInBothOrders", coverage.BothOrders);
        json.WriteNumber("sometimesReached", coverage.Reached);
        json.WriteStartArray("sometimes");
        foreach (CoveredSituation situation in coverage.Sometimes)
        {
            json.WriteStartObject();
            json.WriteString("specification", situation.Specification);
            json.WriteString("situation", situation.Name);
            json.WriteNumber("schedules", situation.Schedules);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, CertificateOutcome? certificate)
    {
        if (certificate is not null)
        {
            json.WriteStartObject("certificate");
            json.WriteString("path", certificate.Path);
            json.WriteString("state", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(certificate.State.ToString()));
            json.WriteString("text", certificate.Words);
            json.WriteEndObject();
        }
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, ToldFinding finding)
    {
        json.WriteString("specification", finding.Finding.Violation.Specification);
        json.WriteString("schedule", finding.Finding.Schedule.ToString());
        json.WriteNumber("firstAt", finding.Finding.FirstAt);
        json.WriteNumber("turns", finding.Finding.Turns);
        json.WriteNumber("shrunkTurns", finding.Shrunk.Turns);
        json.WriteString("shrunkSchedule", finding.Shrunk.Schedule.ToString());
        json.WriteString("replay", finding.Replay);
        if (finding.Recorded is { } recorded)
        {
            json.WriteString("run", recorded.Run);
            json.WriteString("journal", recorded.Place);
        }

        json.WriteStartArray("words");
        foreach (string line in finding.Words)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }

    private sealed record ToldFinding(Finding Finding, ShrunkFinding Shrunk, IReadOnlyList<string> Words, string Replay, string ReplayAsFound)
    {
        public (string Run, string Place)? Recorded { get; init; }
    }
}

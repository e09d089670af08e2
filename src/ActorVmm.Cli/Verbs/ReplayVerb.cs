using System.CommandLine;
using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm replay</c>: a recorded run, delivery by delivery.</summary>
internal sealed class ReplayVerb : Verb
{
    private readonly Argument<string> _run;
    private readonly Flag<ulong> _to;
    private readonly Flag<Ticks> _toTime;
    private readonly Flag<string> _journal;
    private readonly Flag<HostKind> _host;
    private readonly Flag<int> _workers;
    private readonly Switch _verify;
    private readonly Switch _resume;

    public ReplayVerb()
        : base("replay", "Run a recorded run again, exactly.")
    {
        _run = Takes("run", "A run id, 'latest', or a journal.");
        _to = Has("--to", "N", "Stop at delivery N.", Values.Seed);
        _toTime = Has("--to-time", "T", "Stop at virtual time T, such as 2s.", Values.Duration);
        _verify = Has("--verify", "Check the whole journal's chain first.");
        _resume = Has("--resume", "Go on, behind its last durable delivery, with a run that was cut off.");
        _journal = Has("--journal", "PATH|postgres://…", "Where the run was recorded.", Values.Text);
        _host = Has("--host", "HOST", "Where the actors run.", HostName.Read);
        _workers = Has("--workers", "N", "Cores of the parallel host.", Values.Number(1));
    }

    public override ExitCode Execute(Session session)
    {
        if (session.Settings.Value(_host) is HostKind.Akka)
        {
            throw Refusal.WrongUsage("replay --host akka: a replay has its order from the record, so it needs no Akka.NET; leave --host out");
        }

        (IJournalStore store, RecordedRun run) = JournalPlace.OpenRun(session, session.Arguments.GetRequiredValue(_run), _journal);
        using IJournalStore owned = store;
        RecordedMessages.Accept(run.Started);
        if (session.Settings.IsOn(_verify) && new JournalVerifier(store).Verify(run.Stream) is { Condition: StreamCondition.Damaged } damaged)
        {
            throw new Refusal(ExitCode.JournalDamaged, damaged.Words);
        }

        if (session.Settings.IsOn(_resume))
        {
            return Resume(session, store, run);
        }

        int threads = ThreadsOf(session.Settings, run);
        (_, _, Scenario loaded) = RecordedScenario.Load(run.Started);
        using Scenario scenario = loaded;
        using Replayer replayer = Replayer.Of(run, (_, hostOf) => MachineBuilder.Build(scenario, [], hostOf).Fingerprint, threads);
        ReplayResult result = replayer.Run(
            session.Settings.Value(_to) is { } to ? (long)Math.Min(to, long.MaxValue) : long.MaxValue, session.Settings.Value(_toTime), session.Interruption.Token);
        Print(session, run, result);
        return result.Verified ? ExitCode.Fine : ExitCode.JournalDamaged;
    }

    /// <summary>Goes on with a run as if it had never been cut off.</summary>
    private ExitCode Resume(Session session, IJournalStore store, RecordedRun run)
    {
        if (session.Settings.Text(_to) is not null || session.Settings.Text(_toTime) is not null)
        {
            throw Refusal.WrongUsage("--resume goes on to the end of the run, so not --to or --to-time");
        }

        if (RecordedFinding.Is(run.Started))
        {
            throw Refusal.WrongUsage($"run {run.Id} was found by explore: it is one schedule, whole, and there is nothing to go on with");
        }

        (RunVerb verb, Settings settings, Scenario loaded) = RecordedScenario.Load(run.Started);
        using Scenario scenario = loaded;
        using AkkaRuns? akka = verb.Flags.OpenAkka(settings, session, place: null);
        using Resumption resumption = Resumption.Begin(store, run.Stream, verb.Flags.DurabilityOf(settings), VersionText.Line, session.Clock);
        using var journal = new RunJournal(store, store.Name, resumption, session.Clock);
        RunVerb.PrintHead(session, scenario, verb.Flags.HostWordsOf(settings));
        if (!session.Json)
        {
            session.Screen.Out.WriteLine(FormattableString.Invariant($"run {run.Id} was cut off: it is done again up to delivery {resumption.Tail}, and goes on from there"));
            session.Screen.Flush();
        }

        return verb.Carry(session, settings, run.Started.InputPath, scenario, run.Id, journal, akka);
    }

    /// <summary>On how many threads. What was recorded delivery by delivery has one order, and so one thread.</summary>
    private int ThreadsOf(Settings settings, RecordedRun run)
    {
        HostKind? host = settings.Value(_host);
        int? workers = settings.Value(_workers);
        if (host is HostKind.Deterministic && workers > 1)
        {
            throw Refusal.WrongUsage("--workers needs --host parallel: the deterministic host has one");
        }

        if ((host is HostKind.Parallel || workers > 1) && !Replayer.HasBoundaries(run))
        {
            throw Refusal.WrongUsage($"run {run.Id} was recorded delivery by delivery on the {run.Started.Host} host: it is replayed in that order, on one thread");
        }

        return Math.Min(workers ?? (host is HostKind.Parallel ? Environment.ProcessorCount : 1), ParallelHostOptions.MostWorkers);
    }

    private static void Print(Session session, RecordedRun run, ReplayResult result)
    {
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteString("run", run.Id);
                json.WriteNumber("deliveries", result.Deliveries);
                json.WriteString("fingerprint", result.Fingerprint.ToString());
                json.WriteString("recordedFingerprint", result.Recorded?.ToString());
                json.WriteBoolean("verified", result.Verified);
                if (result.Divergence is { } divergence)
                {
                    json.WriteStartObject("firstDivergence");
                    json.WriteNumber("delivery", divergence.Delivery);
                    json.WriteNumber("actor", divergence.Actor.Value);
                    json.WriteString("text", divergence.Words);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteNull("firstDivergence");
                }

                json.WriteNumber("checkpoints", result.Checkpoints);
                json.WriteBoolean("cutOff", result.CutOff);
            }));
            return;
        }

        TextWriter output = session.Screen.Out;
        output.WriteLine(FormattableString.Invariant($"run {run.Id}: {result.Deliveries} deliveries replayed, {result.Checkpoints} checkpoints met"));
        if (result.CutOff)
        {
            output.WriteLine("the recorded run was cut off: it has no end, and everything that was durable was replayed");
        }

        if (result.Stop.Length > 0)
        {
            output.WriteLine($"the machine stopped as it did when it was recorded: {result.Stop}");
        }

        output.WriteLine(result.Divergence is { } first ? $"DIVERGED at {first}" : "the same as recorded, delivery by delivery");
        output.WriteLine(FormattableString.Invariant($"fingerprint {result.Fingerprint}{(result.Recorded is { } recorded ? $"   (recorded {recorded})" : "")}"));
    }
}

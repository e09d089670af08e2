using System.CommandLine;
using System.Text.Json;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine.Timelines;
using Spectre.Console;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm journal list|info|verify|export|prune|pin|unpin|index</c>.</summary>
internal static class JournalVerbs
{
    public static Command Create() =>
        new("journal", "Recorded runs.") { new List(), new Info(), new Verify(), new Export(), new Prune(), new Pin(pinned: true), new Pin(pinned: false), new Index() };

    private static void Write(Utf8JsonWriter json, StreamSummary run)
    {
        json.WriteString("run", run.Stream[JournalReader.Prefix.Length..]);
        json.WriteNumber("rows", run.Rows);
        json.WriteNumber("bytes", run.Bytes);
        json.WriteBoolean("pinned", run.Pinned);
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A verb about a whole journal.</summary>
    private abstract class OfJournal : Verb
    {
        private readonly Argument<string?> _argument;
        private readonly Flag<string> _flag;

        protected OfJournal(string name, string description)
            : base(name, description)
        {
            _argument = MayTake("journal", "Which journal.");
            _flag = Has("--journal", "PATH|postgres://…", "The same.", Values.Text);
        }

        protected IJournalStore Open(Session session) => JournalPlace.Open(session, session.Arguments.GetValue(_argument), _flag);
    }

    /// <summary>A verb about one run.</summary>
    private abstract class OfRun : Verb
    {
        private readonly Argument<string> _argument;
        private readonly Flag<string> _flag;

        protected OfRun(string name, string description)
            : base(name, description)
        {
            _argument = Takes("run", "A run id, 'latest', or a journal.");
            _flag = Has("--journal", "PATH|postgres://…", "Where the run was recorded.", Values.Text);
        }

        protected (IJournalStore Store, RecordedRun Run) Open(Session session) => JournalPlace.OpenRun(session, session.Arguments.GetRequiredValue(_argument), _flag);
    }

    /// <summary>What a run's snapshots take, beside its rows.</summary>
    private sealed record SnapshotSummary(int Count, long Bytes, long RowBytes)
    {
        public static SnapshotSummary Of(IJournalStore store, RecordedRun run)
        {
            IReadOnlyList<(long Row, long Bytes)> snapshots = run.Snapshots();
            long bytes = snapshots.Sum(snapshot => snapshot.Bytes);
            long all = store.Streams().FirstOrDefault(stream => string.Equals(stream.Stream, run.Stream, StringComparison.Ordinal))?.Bytes ?? bytes;
            return new SnapshotSummary(snapshots.Count, bytes, all - bytes);
        }

        public override string ToString() =>
            $"{Numbers.Count(Count, "snapshot")}, {Numbers.Bytes(Bytes / 4096.0)}"
            + (RowBytes > 0 ? FormattableString.Invariant($"; {100.0 * Bytes / RowBytes:0} % of the {Numbers.Bytes(RowBytes / 4096.0)} of its rows") : "");
    }

    private sealed class List() : OfJournal("list", "List recorded runs.")
    {
        public override ExitCode Execute(Session session)
        {
            using IJournalStore store = Open(session);
            var reader = new JournalReader(store);
            IReadOnlyList<StreamSummary> runs = reader.Runs();
            if (session.Json)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("runs", json => WriteAll(json, "runs", runs, run =>
                {
                    Write(json, run);
                    json.WriteString("end", reader.EndOf(run.Stream));
                })));
                return ExitCode.Fine;
            }

            Table table = Tables.New("run", "rows", "size", "end", "");
            foreach (StreamSummary run in runs)
            {
                table.Row(run.Stream[JournalReader.Prefix.Length..], Numbers.Count(run.Rows), Numbers.Bytes(run.Bytes / 4096.0), reader.EndOf(run.Stream), run.Pinned ? "pinned" : "");
            }

            session.Screen.Result.Print(table);
            return ExitCode.Fine;
        }
    }

    private sealed class Info() : OfRun("info", "Tell about one recorded run.")
    {
        public override ExitCode Execute(Session session)
        {
            (IJournalStore store, RecordedRun run) = Open(session);
            using IJournalStore owned = store;
            RunStarted started = run.Started;
            (string Name, string Text)[] facts =
            [
                ("run", run.Id), ("host", started.Host), ("delivery", started.DeliveryModel), ("kernel", started.KernelVersion), ("seed", FormattableString.Invariant($"{started.Seed}")),
                ("input", started.InputPath), ("sha256", started.InputSha256), ("machine", started.Machine),
                ("flags", string.Join(' ', RecordedScenario.FlagsOf(started).Select(setting => $"{setting.Key} {setting.Value}"))), ("messages", started.Messages ? "written out" : "computed again"),
                ("deliveries", FormattableString.Invariant($"{run.Deliveries()}")), ("snapshots", SnapshotSummary.Of(store, run).ToString()), ("resumed", run.Resumptions().Any() ? string.Join("; ", run.Resumptions().Select(TextOf)) : "never"), ("end", run.Ended?.End ?? JournalReader.CutOff), ("fingerprint", run.Ended?.Fingerprint.ToString() ?? ""),
            ];
            if (session.Json)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("run", json => Array.ForEach(facts, fact => json.WriteString(fact.Name, fact.Text))));
                return ExitCode.Fine;
            }

            foreach ((string name, string text) in facts)
            {
                session.Screen.Out.WriteLine($"{name,-12} {text}".TrimEnd());
            }

            return ExitCode.Fine;
        }
    }

    private static string TextOf(RunResumed resumed) =>
        FormattableString.Invariant($"after delivery {resumed.Delivery} by {resumed.KernelVersion}, {new DateTime(resumed.At, DateTimeKind.Utc):yyyy-MM-dd HH:mm:ss}Z");

    private sealed class Verify() : OfJournal("verify", "Check a journal for damage.")
    {
        public override ExitCode Execute(Session session)
        {
            using IJournalStore store = Open(session);
            IReadOnlyList<StreamVerdict> verdicts = new JournalVerifier(store).VerifyAll();
            bool damaged = verdicts.Any(verdict => verdict.Condition == StreamCondition.Damaged);
            if (session.Json)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("summary", json => WriteAll(json, "runs", verdicts, verdict =>
                {
                    json.WriteString("stream", verdict.Stream);
                    json.WriteNumber("rows", verdict.Rows);
                    json.WriteNumber("deliveries", verdict.Deliveries);
                    json.WriteString("condition", JsonNamingPolicy.CamelCase.ConvertName(verdict.Condition.ToString()));
                    json.WriteNumber("row", verdict.Row);
                    json.WriteString("text", verdict.Words);
                })));
            }
            else
            {
                foreach (StreamVerdict verdict in verdicts)
                {
                    session.Screen.Out.WriteLine(verdict.Condition switch
                    {
                        StreamCondition.Whole => $"whole    {verdict.Stream}: {Numbers.Count(verdict.Rows)} rows, {Numbers.Count(verdict.Deliveries)} deliveries",
                        StreamCondition.CutOff => $"cut off  {verdict.Stream}: {Numbers.Count(verdict.Rows)} rows, {Numbers.Count(verdict.Deliveries)} deliveries; it has no end, and what is there is unbroken",
                        StreamCondition.Damaged => $"DAMAGED  {verdict.Words}",
                    });
                }
            }

            return damaged ? ExitCode.JournalDamaged : ExitCode.Fine;
        }
    }

    private sealed class Export : OfRun
    {
        private readonly Flag<string> _output;

        public Export()
            : base("export", "Write a recorded run into a file of its own.") =>
            _output = Has("--output", "FILE", "The file; <run>.db when left out.", Values.Text, "-o");

        public override ExitCode Execute(Session session)
        {
            (IJournalStore store, RecordedRun run) = Open(session);
            using IJournalStore owned = store;
            string path = session.Settings.Text(_output) ?? run.Id + ".db";
            new JournalReader(store).Export(run, path);
            session.Screen.Out.WriteLine(session.Json ? JsonLine.Of("exported", json => json.WriteString("path", path)) : path);
            return ExitCode.Fine;
        }
    }

    private sealed class Prune : OfJournal
    {
        private readonly Flag<int> _keep;

        public Prune()
            : base("prune", "Remove old runs.") =>
            _keep = Has("--keep", "N", "How many runs stay (20).", Values.Number(0));

        public override ExitCode Execute(Session session)
        {
            using IJournalStore store = Open(session);
            IReadOnlyList<StreamSummary> removed = new JournalReader(store).Prune(session.Settings.Value(_keep) ?? JournalReader.KeptRuns);
            session.Screen.Out.WriteLine(
                session.Json ? JsonLine.Of("pruned", json => WriteAll(json, "runs", removed, run => Write(json, run))) : $"{Numbers.Count(removed.Count, "run", "runs")} removed");
            return ExitCode.Fine;
        }
    }

    private sealed class Pin(bool pinned) : OfRun(pinned ? "pin" : "unpin", pinned ? "Keep a run whatever its age." : "Let a run go when its time comes.")
    {
        public override ExitCode Execute(Session session)
        {
            (IJournalStore store, RecordedRun run) = Open(session);
            using IJournalStore owned = store;
            store.Pin(run.Stream, pinned);
            session.Screen.Out.WriteLine(session.Json
                ? JsonLine.Of("pinned", json =>
                {
                    json.WriteString("run", run.Id);
                    json.WriteBoolean("pinned", pinned);
                })
                : $"run {run.Id} {(pinned ? "is pinned: it stays whatever its age" : "is pinned no longer")}");
            return ExitCode.Fine;
        }
    }

    private sealed class Index() : OfRun("index", "Lay snapshots along a run, so that any point of it opens at once.")
    {
        public override ExitCode Execute(Session session)
        {
            (IJournalStore store, RecordedRun run) = Open(session);
            using IJournalStore owned = store;
            RecordedMessages.Accept(run.Started);
            using (var timeline = new RecordedTimeline(run, RecordedScenario.Load(run.Started).Scenario, session.Clock))
            {
                timeline.Index(session.Interruption.Token);
            }

            SnapshotSummary summary = SnapshotSummary.Of(store, run);
            session.Screen.Out.WriteLine(session.Json
                ? JsonLine.Of("index", json =>
                {
                    json.WriteString("run", run.Id);
                    json.WriteNumber("deliveries", run.Deliveries());
                    json.WriteNumber("snapshots", summary.Count);
                    json.WriteNumber("bytes", summary.Bytes);
                    json.WriteNumber("rowBytes", summary.RowBytes);
                })
                : $"run {run.Id}: {summary}");
            return ExitCode.Fine;
        }
    }
}

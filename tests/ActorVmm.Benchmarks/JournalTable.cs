using System.Diagnostics;
using ActorVmm.Actors;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What recording costs the parallel host, what it takes on disk, and how fast the journal is replayed, beside what the store
/// does by itself with the same bytes in the same rows. Everything is measured in turn, and ratios are of neighbours.
/// </summary>
internal sealed class JournalTable
{
    private const int Repetitions = 5;
    private const int Workers = 2;
    private const long Slice = 1 << 18;

    private readonly string _folder;
    private readonly long _turns;
    private readonly Dictionary<string, List<double>> _figures = new(StringComparer.Ordinal);
    private double _bytes;
    private double _messageBytes;

    private JournalTable(string folder, long turns) => (_folder, _turns) = (folder, turns);

    /// <param name="turns">Of each run.</param>
    /// <returns>Whether the targets are met.</returns>
    public static bool Print(long turns)
    {
        string folder = Directory.CreateTempSubdirectory("actorvmm-journal-").FullName;
        try
        {
            var table = new JournalTable(folder, turns);
            for (int repetition = -1; repetition < Repetitions; repetition++)
            {
                if (repetition == 0)
                {
                    table._figures.Clear();
                }

                table.Round();
            }

            return table.Write();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Round()
    {
        Note("one worker, not recorded", Rate(1, Recorded.Not));
        Note("not recorded", Rate(Workers, Recorded.Not));
        Note("recorded", Rate(Workers, Recorded.Boundaries));
        (double one, double bytes) = (Replay(1), new FileInfo(Path()).Length);
        Note("replayed on one thread", one);
        Note("replayed on two threads", Replay(Workers));
        Note("the store alone, same rows", Raw());
        _bytes = bytes / _turns;
        Remove();
        Note("recorded, with messages", Rate(Workers, Recorded.Messages));
        _messageBytes = (double)new FileInfo(Path()).Length / _turns;
        Remove();
        Note("one worker, recorded", Rate(1, Recorded.Boundaries));
        Note("that, replayed on one thread", Replay(1));
        Remove();
        Note("both on, one worker", Rate(1, Recorded.Boundaries, specifications: true));
        Remove();
        Note("both on", Rate(Workers, Recorded.Boundaries, specifications: true));
        Remove();
    }

    /// <summary>Millions of turns a second, until all of them are durable where they are recorded.</summary>
    private double Rate(int workers, Recorded recorded, bool specifications = false)
    {
        long turns = specifications ? _turns / 8 : _turns;
        using Recording? recording = recorded == Recorded.Not ? null : new Recording(Path(), recorded == Recorded.Messages);
        SimulatedMachine machine = Stress.On(
            options =>
            {
                HostOptions heard = recording?.Recorder is ITurnListener listener ? options with { TurnListeners = [listener] } : options;
                return new ParallelHost(new ParallelHostOptions(heard) { Workers = workers, Clock = TimeProvider.System, Recording = recorded == Recorded.Boundaries });
            },
            specifications);
        recording?.Recorder.Attach(machine.Host);
        long start = Stopwatch.GetTimestamp();
        while (machine.Host.Statistics.Turns < turns)
        {
            machine.Host.Run(maxTurns: Math.Min(Slice, turns - machine.Host.Statistics.Turns));
            recording?.Recorder.Pause();
        }

        // A run ends with its fingerprint, and so does its replay.
        Fingerprint fingerprint = machine.Fingerprint();
        recording?.Recorder.End(fingerprint, "interrupted");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return turns / seconds / 1e6;
    }

    private double Replay(int threads)
    {
        using IJournalStore store = JournalStores.Open(Path());
        using Replayer replayer = Replayer.Of(new JournalReader(store).Open(JournalReader.Latest), (_, hostOf) => Stress.On(hostOf).Fingerprint, threads);
        long start = Stopwatch.GetTimestamp();
        ReplayResult result = replayer.Run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return result.Verified && result.Fingerprint == result.Recorded
            ? result.Deliveries / seconds / 1e6
            : throw new InvalidOperationException($"the replay is not the run: {result.Divergence}");
    }

    /// <summary>Millions of deliveries a second that the store takes when nothing is computed.</summary>
    private double Raw()
    {
        using IJournalStore source = JournalStores.Open(Path());
        RecordedRun run = new JournalReader(source).Open(JournalReader.Latest);
        JournalRow[] rows = [.. source.Rows(run.Stream)];
        using IJournalStore target = JournalStores.OpenOrCreate(System.IO.Path.Combine(_folder, "raw.db"));
        using IJournalAppender appender = target.OpenWriter(run.Stream, Durability.Full);
        long start = Stopwatch.GetTimestamp();
        foreach (JournalRow row in rows)
        {
            appender.Commit([row], []);
        }

        return _turns / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    private bool Write()
    {
        Console.WriteLine(FormattableString.Invariant(
            $"the journal: {_turns} deliveries of 1000 processes on the parallel host with {Workers} workers, wall time until all is durable, median of {Repetitions} measured in turn"));
        Console.WriteLine($"{"",-36} M turns/s      min      max    ratio  of                         target  met?");
        bool met = true;
        met &= Line("one worker, not recorded", null, null);
        met &= Line("not recorded", "one worker, not recorded", 1.6);
        met &= Line("recorded", "not recorded", 0.9);
        met &= Line("recorded, with messages", "not recorded", null);
        met &= Line("replayed on two threads", "recorded", 1);
        met &= Line("replayed on one thread", "recorded", null);
        met &= Line("one worker, recorded", "one worker, not recorded", 0.9);
        met &= Line("that, replayed on one thread", "one worker, recorded", 1);
        met &= Line("both on, one worker", null, null);
        met &= Line("both on", "both on, one worker", null);
        Line("the store alone, same rows", "recorded", null);
        Console.WriteLine(FormattableString.Invariant($"bytes a delivery on disk: {_bytes:F2} (target <= 4: {(_bytes <= 4 ? "yes" : "NO")}), with messages {_messageBytes:F2}"));
        return met && _bytes <= 4;
    }

    private bool Line(string name, string? other, double? target)
    {
        List<double> figures = _figures[name];
        double? ratio = other is null ? null : Median(figures.Zip(_figures[other], (ours, theirs) => ours / theirs));
        bool met = target is null || ratio >= target;
        string verdict = target is null ? "" : met ? "yes" : "NO";
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-36} {Median(figures),9:F2} {figures.Min(),8:F2} {figures.Max(),8:F2} {ratio,8:F3}  {other,-26} {target,6}  {verdict}"));
        return met;
    }

    private void Note(string name, double figure)
    {
        if (!_figures.TryGetValue(name, out List<double>? figures))
        {
            _figures.Add(name, figures = []);
        }

        figures.Add(figure);
    }

    private string Path() => System.IO.Path.Combine(_folder, "run.db");

    private void Remove()
    {
        foreach (string file in Directory.GetFiles(_folder))
        {
            File.Delete(file);
        }
    }

    private static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted[sorted.Length / 2];
    }

    private enum Recorded
    {
        Not,
        Boundaries,
        Messages,
    }

    /// <summary>One run's journal.</summary>
    private sealed class Recording : IDisposable
    {
        private readonly IJournalStore _store;

        public Recording(string path, bool messages)
        {
            var started = new RunStarted { Host = "parallel", DeliveryModel = "fifo", Seed = 1, Messages = messages, Registry = ProtocolMessages.Create() };
            _store = JournalStores.OpenOrCreate(path);
            Writer = new JournalWriter(_store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Full, TimeProvider.System);
            Writer.Append(started);
            Recorder = RunRecorders.For(Writer, started);
        }

        public JournalWriter Writer { get; }

        public IRunRecorder Recorder { get; }

        public void Dispose()
        {
            Writer.Dispose();
            _store.Dispose();
        }
    }
}

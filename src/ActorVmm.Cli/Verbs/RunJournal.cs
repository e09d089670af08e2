using ActorVmm.Actors;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Timelines;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>Records one run of the command line: begins its stream, keeps it going while the run does, and ends it.</summary>
internal sealed class RunJournal : IDisposable
{
    /// <summary>A run leads its journal by this, and by the batches that wait, at most.</summary>
    private static readonly TimeSpan _lead = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _checkpoint = TimeSpan.FromSeconds(10);

    private readonly IJournalStore _store;
    private readonly IRunWriter _writer;
    private readonly IRunRecorder _recorder;
    private readonly TimeProvider _clock;
    private readonly Resumption? _resumption;
    private RunSnapshots? _snapshots;
    private long _handedOver;
    private long _checked;

    /// <param name="place">Where.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="started">The first row.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <param name="writerOf">Makes who writes the stream, where that is not the journal's own writer.</param>
    /// <exception cref="Journal.JournalException">The journal cannot be written.</exception>
    public RunJournal(string place, string run, RunStarted started, Durability durability, TimeProvider clock, Func<IJournalStore, string, IRunWriter>? writerOf = null)
    {
        Place = place;
        _clock = clock;
        _store = JournalStores.OpenOrCreate(JournalPlace.WithFolder(place));
        try
        {
            string stream = JournalReader.Prefix + run;
            _writer = writerOf?.Invoke(_store, stream) ?? new JournalWriter(_store, stream, durability, clock);
        }
        catch
        {
            _store.Dispose();
            throw;
        }

        _writer.Append(started);
        _writer.Flush();
        _recorder = RunRecorders.For(_writer, started);
        _handedOver = _checked = clock.GetTimestamp();
    }

    /// <summary>Goes on with a run that was cut off.</summary>
    /// <param name="store">Where it was recorded; disposed of with this.</param>
    /// <param name="place">What the user calls that.</param>
    /// <param name="resumption">The run's.</param>
    /// <param name="clock">The recorder's.</param>
    public RunJournal(IJournalStore store, string place, Resumption resumption, TimeProvider clock)
    {
        (Place, _store, _resumption, _writer, _recorder, _clock) = (place, store, resumption, resumption.Writer, resumption, clock);
        _handedOver = _checked = clock.GetTimestamp();
    }

    public string Place { get; }

    /// <summary>After which turn the run has to be looked at; see <see cref="Between"/>.</summary>
    public long PauseAt => _resumption?.PauseAt ?? long.MaxValue;

    /// <summary>Deliveries that survive whatever happens.</summary>
    public long DurableThrough => _writer.DurableThrough;

    /// <summary>The first row of a run's stream.</summary>
    /// <param name="host">Where: deterministic, parallel or akka.</param>
    /// <param name="scenario">What is run.</param>
    /// <param name="input">Its bytes, where they cannot be read again.</param>
    /// <param name="settings">The flags that decide the run.</param>
    /// <param name="messages">Whether messages are written out.</param>
    /// <param name="delivery">Which messages may overtake which: fifo, causal, mailbox or bag.</param>
    public static RunStarted Beginning(string host, Scenario scenario, ReadOnlyMemory<byte> input, IReadOnlyList<KeyValuePair<string, string>> settings, bool messages, string delivery = "fifo") => new()
    {
        KernelVersion = VersionText.Line,
        Host = host,
        DeliveryModel = delivery,
        Seed = scenario.Seed,
        InputPath = scenario.Path is "-" || scenario.Guests is not null ? scenario.Path : Path.GetFullPath(scenario.Path),
        InputSha256 = scenario.Sha256,
        Input = input,
        Machine = scenario.Guests is not null ? "a little program of the race laboratory" : FormattableString.Invariant($"{scenario.Machine.Frames} frames, {scenario.Machine.Processors} processors, {scenario.Machine.PagingFiles.Count} paging files"),
        Policy = scenario.Machine.Policy.ToString() ?? "",
        Settings = [.. settings, .. RecordedScenario.FilesOf(scenario)],
        Messages = messages,
        Registry = scenario.Guests is null ? ProtocolMessages.Create() : RecordedMessages.OfRaces(),
    };

    /// <summary>Makes hosts whose run is recorded here.</summary>
    public Func<HostOptions, IHost> HostOf(Func<HostOptions, IHost> hostOf) => options =>
    {
        if (_resumption is not null)
        {
            return _resumption.HostOf(options, hostOf);
        }

        IHost host = hostOf(_recorder is ITurnListener listener ? options with { TurnListeners = [.. options.TurnListeners, listener] } : options);
        _recorder.Attach(host);
        _snapshots = RunSnapshots.For(host, _recorder is BoundaryRecorder, _clock);
        return host;
    };

    /// <summary>Called between slices of the run.</summary>
    public void Between(SimulatedMachine machine)
    {
        if (_recorder.HasStopped)
        {
            return;
        }

        if (_resumption is { IsLive: false })
        {
            _resumption.Paused(machine.Host.Statistics.Turns, machine.Fingerprint);
            return;
        }

        _recorder.Pause();
        if (_clock.GetElapsedTime(_checked) >= _checkpoint)
        {
            _recorder.Checkpoint(machine.Fingerprint());
            _checked = _handedOver = _clock.GetTimestamp();
        }
        else if (_clock.GetElapsedTime(_handedOver) >= _lead)
        {
            _recorder.HandOver();
            _handedOver = _clock.GetTimestamp();
        }

        if (_snapshots?.IsDue(machine.Host.Statistics.Turns, _writer.BytesWritten - _writer.SnapshotBytesWritten, _writer.SnapshotBytesWritten) == true)
        {
            // A snapshot belongs behind the row that ends where it was taken.
            _recorder.HandOver();
            _writer.Append(_snapshots.Take(machine));
            _handedOver = _clock.GetTimestamp();
        }
    }

    /// <summary>Ends the stream; when it returns, all of the run is durable. Then old runs make room.</summary>
    public void End(RunSummary summary)
    {
        if (_resumption is { IsLive: false } && summary.End == RunEnd.Interrupted)
        {
            // It has not got to where it was cut off: it stays as it is, and can be gone on with again.
            return;
        }

        End(summary.Fingerprint, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(summary.End.ToString()));
    }

    /// <summary>Ends the stream of a run of which there is no summary.</summary>
    /// <param name="fingerprint">Of the whole run.</param>
    /// <param name="end">How it ended, in a word.</param>
    public void End(Fingerprint fingerprint, string end)
    {
        _recorder.End(fingerprint, end);
        _writer.Dispose();
        new JournalReader(_store).Prune();
    }

    public void Dispose()
    {
        _resumption?.Dispose();
        _writer.Dispose();
        _store.Dispose();
    }
}

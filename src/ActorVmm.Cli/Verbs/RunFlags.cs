using System.CommandLine;
using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Journal.Stores;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Cli.Verbs;

/// <summary>The flags of <c>actorvmm run</c>.</summary>
internal sealed class RunFlags
{
    /// <summary>Before the name of a recorded flag that a scenario beats, because it was in the user's file.</summary>
    public const string PreferredPrefix = "user:";

    private readonly List<(string Name, Func<Settings, string?> Text, Func<Settings, bool> IsPreferred)> _deciding = [];
    private readonly List<Option> _ofTheRun = [];
    private readonly Flag<HostKind> _host;
    private readonly Flag<string> _journal;
    private readonly Flag<string> _durability;
    private readonly Flag<string> _journalMessages;
    private readonly Flag<int> _workers;
    private readonly Flag<double> _timeScale;
    private readonly Flag<string> _schedule;

    /// <param name="verb">Gets the flags.</param>
    /// <param name="traceFormat">What the format of a trace is asked by, where the verb has a --format of its own.</param>
    /// <param name="takes">Which flags the verb gets, by name; all when left out.</param>
    public RunFlags(Command verb, string traceFormat = "--format", Func<string, bool>? takes = null)
    {
        Flag<T> Has<T>(string name, string valueName, string description, Func<string, T> read, bool decides = true)
        {
            var flag = new Flag<T>(name, valueName, description, read);
            if (takes?.Invoke(name) != false)
            {
                verb.Add(flag);
            }

            if (decides)
            {
                _deciding.Add((name, settings => settings.Text(flag), settings => settings.IsPreferred(flag)));
                _ofTheRun.Add(flag);
            }

            return flag;
        }

        _host = Has("--host", "deterministic|parallel|akka", "Where the actors run.", HostName.Read, decides: false);
        Seed = Has("--seed", "N", "Decides all draws and choices.", Values.Seed, decides: false);
        Processes = Has("--processes", "N", "Run a trace as N processes at once.", Values.Number(1));
        Frames = Has("--frames", "N", "Installed pages of 4 KiB.", Values.Number(64));
        WorkingSet = Has("--working-set", "N", "A hard limit of N pages for each process's working set; processes stay when done.", Values.Number(1));
        Replacement = Has("--replacement", "windows|fifo|lru|clock|opt", "Which page a process at its limit gives up.", Values.OneOf<Replacement>(
        [
            ("windows", Protocol.Replacement.Windows), ("fifo", Protocol.Replacement.Fifo), ("lru", Protocol.Replacement.Lru),
            ("clock", Protocol.Replacement.Clock), ("opt", Protocol.Replacement.Opt),
        ]));
        Format = Has(traceFormat, "FORMAT", "What a trace is written in; found out when left out.", TraceArguments.Format);
        For = Has("--for", "TIME", "Stop at this virtual time, such as 10s.", Values.Duration);
        Specifications = Has("--specifications", "on|off", "Judge every fact of the run by the promises of the memory manager (on).", Values.OneOf<bool>([("on", true), ("off", false)]), decides: false);
        _journal = Has("--journal", "PATH|postgres://…|none", "Where the run is recorded.", Values.Text, decides: false);
        _durability = Has("--durability", "full|relaxed", "When what is recorded is safe.", Values.OneOf("full", "relaxed"), decides: false);
        _journalMessages = Has("--journal-messages", "none|full", "Whether messages between actors are recorded too.", Values.OneOf("none", "full"), decides: false);
        _workers = Has("--workers", "N", "Cores of the parallel host.", Values.Number(1), decides: false);
        _timeScale = Has("--time-scale", "X", "Virtual time as a multiple of real time, on hosts that follow it.", Values.Factor, decides: false);
        _schedule = Has("--schedule", "STRING", "Run exactly this schedule.", Values.Text, decides: false);
        _ofTheRun.AddRange([_host, Seed, _workers, _timeScale, _schedule]);
    }

    /// <summary>Where a recorded run is looked for.</summary>
    public Flag<string> Journal => _journal;

    public Flag<ulong> Seed { get; }

    public Flag<int> Processes { get; }

    public Flag<int> Frames { get; }

    public Flag<int> WorkingSet { get; }

    public Flag<Replacement> Replacement { get; }

    public Flag<TraceFormat> Format { get; }

    public Flag<Ticks> For { get; }

    public Flag<bool> Specifications { get; }

    /// <exception cref="Refusal">A flag asks for something that is promised and not there yet.</exception>
    public void RefuseWhatIsNotBuilt(Settings settings)
    {
        HostKind host = settings.Value(_host) ?? HostKind.Deterministic;
        if (host is HostKind.Akka)
        {
            AkkaRuns.RefuseWhenAbsent();
        }

        if (settings.Text(_workers) is not null && host is not HostKind.Parallel)
        {
            throw Refusal.WrongUsage($"{_workers.Name} needs --host parallel");
        }

        if (settings.Text(_timeScale) is not null && host is HostKind.Deterministic)
        {
            throw Refusal.WrongUsage($"{_timeScale.Name} needs --host parallel or akka");
        }

        if (settings.Value(_workers) > ParallelHostOptions.MostWorkers)
        {
            throw Refusal.WrongUsage($"--workers: at most {ParallelHostOptions.MostWorkers}");
        }

        if (settings.Text(_schedule) is not null)
        {
            throw Refusal.NotBuilt(_schedule.Name);
        }
    }

    /// <exception cref="Refusal">The command line asks for a run of its own, and a recorded run was named.</exception>
    public void RefuseWhatIsRecorded(Settings settings, string run)
    {
        if (_ofTheRun.Find(settings.IsGiven) is { } given)
        {
            throw Refusal.WrongUsage($"{given.Name} does not go with a recorded run ({run}), which has been what it has been");
        }
    }

    public HostKind HostKindOf(Settings settings) => settings.Value(_host) ?? HostKind.Deterministic;

    /// <summary>How many cores of the parallel host the actors run on; null when they run on another.</summary>
    public int? WorkersOf(Settings settings) =>
        settings.Value(_host) is HostKind.Parallel
            ? settings.Value(_workers) ?? Math.Min(Environment.ProcessorCount, ParallelHostOptions.MostWorkers)
            : null;

    /// <summary>What a journal calls the host.</summary>
    public string HostNameOf(Settings settings) => HostName.Of(HostKindOf(settings));

    /// <summary>What a reader calls the host.</summary>
    public string HostWordsOf(Settings settings) => HostKindOf(settings) switch
    {
        HostKind.Deterministic => "deterministic host",
        HostKind.Parallel => $"parallel host with {Output.Numbers.Count(WorkersOf(settings)!.Value, "worker")}",
        HostKind.Akka => "Akka.NET host",
    };

    /// <summary>Where a run on Akka.NET takes place; null when another host was asked for.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="session">Its log is for what Akka.NET has to say.</param>
    /// <param name="place">Where the run is recorded through Akka; null when it is not.</param>
    public AkkaRuns? OpenAkka(Settings settings, Session session, string? place) =>
        HostKindOf(settings) is HostKind.Akka ? new AkkaRuns(session, place, DurabilityOf(settings)) : null;

    /// <summary>Builds the host that was asked for.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="session">Its clock is what virtual time is held against.</param>
    /// <param name="journaled">Whether somebody takes what the host records of itself.</param>
    /// <param name="akka">What <see cref="OpenAkka"/> gave.</param>
    public Func<HostOptions, IHost> HostOf(Settings settings, Session session, bool journaled, AkkaRuns? akka) => HostKindOf(settings) switch
    {
        HostKind.Deterministic => static options => new DeterministicHost(options),
        HostKind.Akka => akka!.HostOf(TimeScaleOf(settings)),
        HostKind.Parallel => options => new ParallelHost(new ParallelHostOptions(options)
        {
            Workers = WorkersOf(settings)!.Value,
            Clock = session.Clock,
            TimeScale = TimeScaleOf(settings),
            Recording = journaled && !MessagesOf(settings),
        }),
    };

    /// <summary>Where the run is recorded; null when it is not.</summary>
    public string? JournalOf(Settings settings) =>
        string.Equals(settings.Text(_journal), JournalPlace.None, StringComparison.Ordinal) ? null : settings.Text(_journal) ?? JournalPlace.Default;

    public Durability DurabilityOf(Settings settings) =>
        string.Equals(settings.Text(_durability), "relaxed", StringComparison.OrdinalIgnoreCase) ? Durability.Relaxed : Durability.Full;

    public bool MessagesOf(Settings settings) => string.Equals(settings.Text(_journalMessages), "full", StringComparison.OrdinalIgnoreCase);

    /// <summary>The flags that decide a run, its input and seed apart, and how it is judged and kept, as they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Recorded(Settings settings) =>
        [.. _deciding.Select(flag => ((flag.IsPreferred(settings) ? PreferredPrefix : "") + flag.Name, flag.Text))
            .Append((Specifications.Name, settings => settings.Text(Specifications))).Append((_durability.Name, settings => settings.Text(_durability)))
            .Append((_workers.Name, settings => WorkersOf(settings)?.ToString(CultureInfo.InvariantCulture)))
            .Append((_timeScale.Name, settings => HostKindOf(settings) is HostKind.Deterministic ? null : TimeScaleOf(settings).ToString(CultureInfo.InvariantCulture)))
            .Where(flag => flag.Text(settings) is not null).Select(flag => new KeyValuePair<string, string>(flag.Item1, flag.Text(settings)!))];

    /// <summary>The flags that decide what any seed of an input comes to, and how it is judged, as they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Deciding(Settings settings) =>
        [.. _deciding.Select(flag => ((flag.IsPreferred(settings) ? PreferredPrefix : "") + flag.Name, flag.Text)).Append((Specifications.Name, settings => settings.Text(Specifications)))
            .Where(flag => flag.Text(settings) is not null).Select(flag => new KeyValuePair<string, string>(flag.Item1, flag.Text(settings)!))];

    /// <summary>Those of them that the command line gives.</summary>
    public IEnumerable<string> GivenDeciding(Settings settings) => _ofTheRun.Append(Specifications).Where(settings.IsGiven).Select(flag => flag.Name);

    /// <summary>The command line that does the same run again.</summary>
    public string Reproduce(string input, ulong seed, Settings settings)
    {
        var words = new List<string> { "actorvmm", "run", Shell.Quote(input), "--seed", seed.ToString(CultureInfo.InvariantCulture) };
        foreach ((string name, Func<Settings, string?> text, Func<Settings, bool> isPreferred) in _deciding)
        {
            // What is in the user's file is there again, and as weak as it was.
            if (text(settings) is { } value && !isPreferred(settings))
            {
                words.Add(name);
                words.Add(Shell.Quote(value));
            }
        }

        if (HostKindOf(settings) is not HostKind.Deterministic)
        {
            words.AddRange(["--host", HostNameOf(settings)]);
        }

        if (WorkersOf(settings) is { } workers)
        {
            words.AddRange(["--workers", workers.ToString(CultureInfo.InvariantCulture)]);
        }

        return string.Join(' ', words);
    }

    private double TimeScaleOf(Settings settings) => settings.Value(_timeScale) ?? 1;
}

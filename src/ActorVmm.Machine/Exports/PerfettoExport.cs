using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>
/// Chrome's trace-event JSON: a track per actor with its turns as slices (<c>X</c>), faults, transfers and waits for frames, which
/// overlap, as asynchronous spans (<c>b</c>, <c>e</c>), messages as arrows from the turn that sent to the turn that heard
/// (<c>s</c>, <c>f</c>), counters (<c>C</c>). Times are microseconds with three decimals.
/// <para>
/// On a host of several cores time stands still while turns are taken. There a turn is drawn as soon as its actor has paid for the
/// turn before, and the sender for the turn that sent: as on the deterministic host, where that is when it was taken.
/// </para>
/// </summary>
internal sealed class PerfettoExport : RunExport
{
    private const int Machine = 1;
    private const int FlushAt = 1 << 16;
    private const decimal NanosecondsPerMicrosecond = 1_000;

    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<int, Ticks> _ends = [];
    private readonly Causes<Drawn> _causes = new();
    private readonly Waits _waits;
    private Ticks _latest;

    public PerfettoExport(Stream stream, IActorNames names)
        : base(names)
    {
        _json = new Utf8JsonWriter(stream);
        _waits = new Waits(this);
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
        Begin("M", "process_name", Ticks.Zero, 0);
        _json.WriteStartObject("args");
        _json.WriteString("name", "ActorVmm");
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public override void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        int track = turn.Actor.Value;
        NameTrack(track);
        string message = MessageWords.All.Of(delivery.Kind).Name;
        bool caused = _causes.TryTake(in delivery, out Drawn cause);
        var drawn = Drawn.After(turn.Now, _ends[track], cause.End, outbox.Spent);
        (_ends[track], _latest) = (drawn.End, Later(_latest, drawn.End));
        Begin("X", message, drawn.Start, track);
        _json.WriteNumber("dur", Microseconds(drawn.End - drawn.Start));
        _json.WriteStartObject("args");
        _json.WriteNumber("turn", turn.Number);
        _json.WriteNumber("now", turn.Now.Value);
        _json.WriteString("heard", Describe(in delivery.Message));
        _json.WriteString("from", Names.NameOf(delivery.Sender));
        _json.WriteNumber("count", delivery.SenderCount);
        _json.WriteEndObject();
        _json.WriteEndObject();
        if (caused)
        {
            Arrow("s", message, cause.Start, delivery.Sender.Value, delivery);
            Arrow("f", message, drawn.Start, track, delivery);
        }

        _causes.Sent(turn.Actor, outbox, drawn);
        foreach (ref readonly Fact fact in outbox.Facts)
        {
            _waits.Hear(track, drawn.Start, in fact);
            Count(track, drawn.Start, in fact);
        }

        if (_json.BytesPending > FlushAt)
        {
            _json.Flush();
        }
    }

    public override void Complete(Ticks now)
    {
        _waits.EndAll(Later(now, _latest));
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    private static Ticks Later(Ticks one, Ticks other) => one > other ? one : other;

    private static decimal Microseconds(Ticks time) => time.Value / NanosecondsPerMicrosecond;

    private void NameTrack(int track)
    {
        if (_ends.TryAdd(track, Ticks.Zero))
        {
            Begin("M", "thread_name", Ticks.Zero, track);
            _json.WriteStartObject("args");
            _json.WriteString("name", Names.NameOf(new ActorId(track)));
            _json.WriteEndObject();
            _json.WriteEndObject();
        }
    }

    /// <summary>Opens an event; the caller closes it.</summary>
    private void Begin(string phase, string name, Ticks at, int track)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", Machine);
        _json.WriteNumber("tid", track);
        _json.WriteNumber("ts", Microseconds(at));
    }

    /// <summary>One end of an arrow; its id is the message's identity.</summary>
    private void Arrow(string phase, string message, Ticks at, int track, in Delivery delivery)
    {
        Begin(phase, message, at, track);
        _json.WriteString("cat", "message");
        _json.WriteString("id", FormattableString.Invariant($"{delivery.Sender.Value}.{delivery.SenderCount}"));
        if (phase is "f")
        {
            _json.WriteString("bp", "e");
        }

        _json.WriteEndObject();
    }

    private void Span(string phase, string category, string name, long id, Ticks at, int track, string? detail)
    {
        Begin(phase, name, at, track);
        _json.WriteString("cat", category);
        _json.WriteString("id", FormattableString.Invariant($"{category}.{id}"));
        _json.WriteStartObject("args");
        if (detail is not null)
        {
            _json.WriteString(phase is "b" ? "what" : "end", detail);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Count(int track, Ticks at, in Fact fact)
    {
        Word word = FactWords.All.Of(fact.Kind);
        (string? name, string[] fields) = fact.Kind switch
        {
            FramesCounted.Kind => ("frames", ["zeroed", "free", "standby", "modified", "bad", "active", "transition"]),
            CommitCharged.Kind or CommitReturned.Kind => ("commit", ["total", "limit"]),
            WorkingSetCounted.Kind => ("working set " + Names.NameOf(new ActorId(track)), ["pages"]),
            _ => ((string?)null, Array.Empty<string>()),
        };
        if (name is null)
        {
            return;
        }

        Begin("C", name, at, track);
        _json.WriteStartObject("args");
        foreach (string field in fields)
        {
            _json.WriteNumber(field, word.Fields.First(candidate => string.Equals(candidate.Name, field, StringComparison.Ordinal)).NumberOf(Fact.BodyOf(in fact)));
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>From when to when a turn is drawn.</summary>
    private readonly record struct Drawn(Ticks Start, Ticks End)
    {
        /// <summary>A turn that was taken at a time, after its actor's turn before and after the one that caused it; a nanosecond long at least, to be seen.</summary>
        public static Drawn After(Ticks now, Ticks before, Ticks cause, Ticks spent)
        {
            Ticks start = Later(now, Later(before, cause));
            return new Drawn(start, start + new Ticks(Math.Max(spent.Value, 1)));
        }
    }

    /// <summary>Spans that are open: each is named by what will end it.</summary>
    private sealed class Waits(PerfettoExport export)
    {
        private readonly Dictionary<(string Category, int Track, ulong Key), (string Name, long Id)> _open = [];
        private long _ids;

        public void Hear(int track, Ticks at, in Fact fact)
        {
            switch (fact.Kind)
            {
                case FaultOpened.Kind:
                    FaultOpened opened = fact.Read<FaultOpened>();
                    Start("fault", track, (uint)opened.Thread, "page fault", FormattableString.Invariant($"page {opened.Vpn}, thread {opened.Thread}, {WordNames.Of(opened.Access)}"), at);
                    break;
                case FaultAnswered.Kind:
                    FaultAnswered answered = fact.Read<FaultAnswered>();
                    End("fault", track, (uint)answered.Thread, WordNames.Of(answered.Status), at);
                    break;
                case TransferStarted.Kind:
                    TransferStarted started = fact.Read<TransferStarted>();
                    Start("transfer", track, KeyOf(started.First, started.Write), started.Write != 0 ? "page write" : "page read", FormattableString.Invariant($"{started.Count} pages at {started.First}"), at);
                    break;
                case TransferEnded.Kind:
                    TransferEnded ended = fact.Read<TransferEnded>();
                    End("transfer", track, KeyOf(ended.First, ended.Write), WordNames.Of(ended.Status), at);
                    break;
                case MemoryWait.Kind:
                    MemoryWait wait = fact.Read<MemoryWait>();
                    if (wait.Begins != 0)
                    {
                        Start("memory", track, (uint)wait.Thread, "waits for memory", null, at);
                    }
                    else
                    {
                        End("memory", track, (uint)wait.Thread, null, at);
                    }

                    break;
            }
        }

        public void EndAll(Ticks now)
        {
            foreach ((string category, int track, ulong key) in _open.Keys.Order().ToList())
            {
                End(category, track, key, "the run ended", now);
            }
        }

        private static ulong KeyOf(PagingFileSlot slot, int write) => ((ulong)slot.Page << 1) | (write != 0 ? 1UL : 0);

        private void Start(string category, int track, ulong key, string name, string? detail, Ticks at)
        {
            // Two reads of one slot at once are told apart by nothing; the first to end is taken for the first to start.
            if (_open.TryAdd((category, track, key), (name, _ids + 1)))
            {
                _ids++;
                export.Span("b", category, name, _ids, at, track, detail);
            }
        }

        private void End(string category, int track, ulong key, string? detail, Ticks at)
        {
            if (_open.Remove((category, track, key), out (string Name, long Id) span))
            {
                export.Span("e", category, span.Name, span.Id, at, track, detail);
            }
        }
    }
}

using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>Where two runs part.</summary>
/// <param name="Actor">Whose turns differ first; who that is on every host.</param>
/// <param name="Turn">Which of that actor's turns, from 1.</param>
/// <param name="A">The delivery of the first run; null where the actor takes no such turn.</param>
/// <param name="B">The delivery of the second run; null where the actor takes no such turn.</param>
public sealed record TimelineDifference(ActorIdentity Actor, long Turn, long? A, long? B);

/// <summary>
/// Compares two runs turn by turn, each actor's turns with the same actor's: how concurrent turns were interleaved is no difference.
/// What counts of a turn is what was heard, when, from whom, and what was established.
/// </summary>
public sealed class TimelineDiff
{
    private const int Stride = 1_024;

    private readonly Dictionary<ActorIdentity, Chains> _chains = [];
    private readonly Side _a;
    private readonly Side _b;
    private TimelineDifference? _first;

    private TimelineDiff(ITimeline a, ITimeline b)
    {
        _a = new Side(a, turn => Compare(turn, isA: true));
        _b = new Side(b, turn => Compare(turn, isA: false));
    }

    /// <summary>The first difference, or null when there is none. Both timelines are left wherever that was found.</summary>
    public static TimelineDifference? Find(ITimeline a, ITimeline b, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        a.Seek(0, cancel);
        b.Seek(0, cancel);
        return new TimelineDiff(a, b).Find(cancel);
    }

    private TimelineDifference? Find(CancellationToken cancel)
    {
        while (_first is null && !(_a.Ended && _b.Ended) && !cancel.IsCancellationRequested)
        {
            _a.Advance(Stride, cancel);
            _b.Advance(Stride, cancel);
        }

        if (_first is null && !cancel.IsCancellationRequested)
        {
            TellWhoTookMoreTurns();
        }

        return _first;
    }

    private void Compare(Step turn, bool isA)
    {
        if (!_chains.TryGetValue(turn.Actor, out Chains? chains))
        {
            _chains.Add(turn.Actor, chains = new Chains());
        }

        (Queue<Step> own, Queue<Step> other) = isA ? (chains.A, chains.B) : (chains.B, chains.A);
        if (own.Count > 0 || other.Count == 0)
        {
            own.Enqueue(turn);
            return;
        }

        Step match = other.Dequeue();
        chains.Equal++;
        if (match.Digest != turn.Digest)
        {
            Tell(new TimelineDifference(turn.Actor, chains.Equal, isA ? turn.Number : match.Number, isA ? match.Number : turn.Number));
        }
    }

    private void TellWhoTookMoreTurns()
    {
        foreach ((ActorIdentity actor, Chains chains) in _chains)
        {
            if (chains.A.Count > 0)
            {
                Tell(new TimelineDifference(actor, chains.Equal + 1, chains.A.Peek().Number, null));
            }
            else if (chains.B.Count > 0)
            {
                Tell(new TimelineDifference(actor, chains.Equal + 1, null, chains.B.Peek().Number));
            }
        }
    }

    /// <summary>Of several differences found together, the earliest counts: the others follow from it, or are concurrent.</summary>
    private void Tell(TimelineDifference found)
    {
        static long At(TimelineDifference difference) => Math.Max(difference.A ?? 0, difference.B ?? 0);

        _first = _first is null || At(found) < At(_first) ? found : _first;
    }

    /// <summary>A turn, as far as it is compared.</summary>
    private readonly record struct Step(ActorIdentity Actor, long Number, ulong Digest);

    /// <summary>Turns of one actor that the other run has not taken yet; at most one side has any.</summary>
    private sealed class Chains
    {
        public Queue<Step> A { get; } = new();

        public Queue<Step> B { get; } = new();

        /// <summary>Turns compared so far.</summary>
        public long Equal { get; set; }
    }

    /// <summary>One of the two runs.</summary>
    private sealed class Side(ITimeline timeline, Action<Step> heard)
    {
        private readonly IInspectedHost _host = timeline.Machine.Host as IInspectedHost ?? throw new NotSupportedException("this host does not say who its actors are");
        private int _left;

        public bool Ended { get; private set; }

        public void Advance(int turns, CancellationToken cancel)
        {
            _left = turns;
            Ended = Ended || !timeline.SeekNext(Take, cancel);
        }

        /// <summary>Lets the last turn of a stride through, so that the timeline stops there.</summary>
        private bool Take(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Fact> facts)
        {
            ulong digest = Mix.Fold(delivery.Message.HashInto((uint)delivery.Kind), _host.IdentityOf(delivery.Sender).Value);
            digest = Mix.Fold(digest ^ unchecked((uint)delivery.SenderCount), unchecked((ulong)delivery.Now.Value));
            foreach (ref readonly Fact fact in facts)
            {
                digest = Mix.Fold(digest, (uint)fact.Kind);
                foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(Fact.BodyOf(in fact)))
                {
                    digest = Mix.Fold(digest, word);
                }
            }

            heard(new Step(_host.IdentityOf(turn.Actor), turn.Number, digest));
            return --_left == 0;
        }
    }
}

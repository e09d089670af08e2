using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>Why a core takes no turns.</summary>
internal enum Pause
{
    /// <summary>It does take turns.</summary>
    Running,

    /// <summary>Nothing to do; mail or a timer wakes it.</summary>
    Idle,

    /// <summary>What it has for another core does not fit; room wakes it.</summary>
    Blocked,

    /// <summary>No more turns are allowed; turns that another core returns wake it.</summary>
    Starved,

    /// <summary>The listeners are far behind; they wake it.</summary>
    Ahead,

    /// <summary>The time allowed is over.</summary>
    Late,

    /// <summary>A turn or a listener threw somewhere.</summary>
    Halted,
}

/// <summary>
/// Who takes turns and who waits, how many turns are left, and what time it is. A core pauses under one lock, after it has sent
/// everything it could; whoever sends to it looks at its state afterwards. So either the sender sees the pause and wakes it, or
/// the core sees the mail; and when the last core pauses, the lock's holder knows exactly that nothing is on its way.
/// </summary>
internal sealed class Coordinator
{
    private readonly Lock _gate = new();
    private readonly Core[] _cores;
    private readonly Post[] _posts;
    private readonly VirtualClock _clock;
    private readonly Action _ended;
    private long _until;
    private long _turnsLeft;
    private long _parkedDue;
    private int _running;
    private volatile bool _halted;
    private bool _over;

    public Coordinator(Core[] cores, VirtualClock clock, Action ended)
    {
        _cores = cores;
        _clock = clock;
        _ended = ended;
        _posts = [.. cores.Select(_ => new Post())];
    }

    public RunOutcome Outcome { get; private set; }

    public bool IsOver => Volatile.Read(ref _over);

    public bool Halted => _halted;

    public long Until => _until;

    public void Begin(long now, long until, long maxTurns)
    {
        _clock.Set(now);
        (_until, _turnsLeft, _parkedDue, _running, _halted, _over) = (until, maxTurns, long.MaxValue, _cores.Length, false, false);
        foreach (Post post in _posts)
        {
            (post.State, post.Fresh) = (Pause.Running, true);
        }
    }

    /// <summary>
    /// The time for a core's next step. The first step after time was set is at that time, so that every run, however short, gets
    /// somewhere.
    /// </summary>
    public long Read(int core)
    {
        Post post = _posts[core];
        long now = post.Fresh ? _clock.Start : _clock.Read();
        post.Fresh = false;
        if (now <= _until && now >= Volatile.Read(ref _parkedDue))
        {
            WakeDue(now);
        }

        return now;
    }

    /// <summary>Asks for turns; what is not used is to be returned.</summary>
    public int Grant(int most)
    {
        long left = Volatile.Read(ref _turnsLeft);
        while (left > 0)
        {
            if (left > long.MaxValue / 2)
            {
                return most;
            }

            int grant = (int)Math.Min(most, left);
            long seen = Interlocked.CompareExchange(ref _turnsLeft, left - grant, left);
            if (seen == left)
            {
                return grant;
            }

            left = seen;
        }

        return 0;
    }

    public void Return(int turns)
    {
        if (turns == 0 || Volatile.Read(ref _turnsLeft) > long.MaxValue / 2)
        {
            return;
        }

        lock (_gate)
        {
            Interlocked.Add(ref _turnsLeft, turns);
            WakeStarved();
        }
    }

    /// <summary>A core has sent something to another.</summary>
    public void Sent(int to)
    {
        Interlocked.MemoryBarrier();
        WakeIf(to, Pause.Idle);
    }

    /// <summary>A core has made room for what another sends.</summary>
    public void Taken(int source)
    {
        Interlocked.MemoryBarrier();
        WakeIf(source, Pause.Blocked);
    }

    /// <summary>What a core that was far ahead had told has been heard.</summary>
    public void Heard(int core) => WakeIf(core, Pause.Ahead);

    /// <summary>Ends the run as soon as every core is between two steps.</summary>
    public void Halt()
    {
        lock (_gate)
        {
            if (_over)
            {
                return;
            }

            _halted = true;
            foreach (Post post in _posts)
            {
                if (post.State == Pause.Ahead)
                {
                    Wake(post);
                }
            }

            if (_running == 0)
            {
                End(RunOutcome.TurnsReached);
            }
        }
    }

    /// <summary>A core takes no turns until it is woken.</summary>
    /// <param name="core">Which.</param>
    /// <param name="why">What it waits for.</param>
    /// <param name="waitsFor">Which core has no room, when blocked.</param>
    /// <param name="stillSo">Asked again under the lock: whether there is still reason to pause.</param>
    /// <returns>Whether the run goes on.</returns>
    public bool Wait(Core core, Pause why, int waitsFor, Func<Pause, bool> stillSo)
    {
        Post post = _posts[core.Index];
        lock (_gate)
        {
            if (_over)
            {
                return false;
            }

            (post.Due, post.WaitsFor) = (core.EarliestTimer, waitsFor);
            post.State = why;
            Interlocked.MemoryBarrier();
            bool relief = why == Pause.Blocked && IsInCycle(core.Index);
            if (relief || !stillSo(why) || (why == Pause.Starved && Volatile.Read(ref _turnsLeft) > 0))
            {
                post.State = Pause.Running;
                core.Roads.Relieve = relief;
                return true;
            }

            _running--;
            if (why == Pause.Idle)
            {
                Volatile.Write(ref _parkedDue, Math.Min(_parkedDue, post.Due));
            }

            if (_running == 0)
            {
                Decide();
            }
        }

        post.Woken.Wait();
        return !IsOver;
    }

    /// <summary>Whether cores wait in a circle, each for room at the next; one of them then has to take in more than it likes.</summary>
    private bool IsInCycle(int core)
    {
        int next = _posts[core].WaitsFor;
        for (int steps = 0; steps < _posts.Length && _posts[next].State == Pause.Blocked; steps++)
        {
            if (next == core)
            {
                return true;
            }

            next = _posts[next].WaitsFor;
        }

        return false;
    }

    /// <summary>Every core pauses: nothing moves but by what is decided here.</summary>
    private void Decide()
    {
        if (_halted)
        {
            End(RunOutcome.TurnsReached);
        }
        else if (Any(Pause.Ahead))
        {
            // The listeners will wake them.
        }
        else if (Any(Pause.Starved))
        {
            End(RunOutcome.TurnsReached);
        }
        else if (Any(Pause.Late))
        {
            End(RunOutcome.TimeReached);
        }
        else
        {
            Jump();
        }
    }

    /// <summary>Nothing is deliverable anywhere: time goes on to the next timer.</summary>
    private void Jump()
    {
        Invariant.Holds(!Any(Pause.Blocked), "when all cores wait, one of those that others wait for has room");
        long due = _posts.Min(post => post.Due);
        if (due == long.MaxValue)
        {
            End(RunOutcome.Quiescent);
        }
        else if (due > _until)
        {
            End(RunOutcome.TimeReached);
        }
        else
        {
            long now = _clock.Read();
            _clock.Set(now > _until ? due : Math.Max(due, now));
            foreach (Post post in _posts)
            {
                post.Fresh = true;
            }

            WakeDueHere(_clock.Start);
        }
    }

    private void End(RunOutcome outcome)
    {
        Outcome = outcome;
        Volatile.Write(ref _over, true);
        foreach (Post post in _posts)
        {
            if (post.State != Pause.Running)
            {
                post.Woken.Release();
            }
        }

        _ended();
    }

    private bool Any(Pause state) => Array.Exists(_posts, post => post.State == state);

    private void WakeIf(int core, Pause state)
    {
        Post post = _posts[core];
        if (post.State != state)
        {
            return;
        }

        lock (_gate)
        {
            if (post.State == state && !_over)
            {
                Wake(post);
                FindParkedDue();
            }
        }
    }

    private void WakeStarved()
    {
        foreach (Post post in _posts)
        {
            if (post.State == Pause.Starved)
            {
                Wake(post);
            }
        }
    }

    private void WakeDue(long now)
    {
        lock (_gate)
        {
            WakeDueHere(now);
        }
    }

    private void WakeDueHere(long now)
    {
        foreach (Post post in _posts)
        {
            if (post.State == Pause.Idle && post.Due <= now)
            {
                Wake(post);
            }
        }

        FindParkedDue();
    }

    private void FindParkedDue()
    {
        long due = long.MaxValue;
        foreach (Post post in _posts)
        {
            due = post.State == Pause.Idle ? Math.Min(due, post.Due) : due;
        }

        Volatile.Write(ref _parkedDue, due);
    }

    private void Wake(Post post)
    {
        post.State = Pause.Running;
        _running++;
        post.Woken.Release();
    }

    /// <summary>Where a core waits.</summary>
    private sealed class Post
    {
        public readonly SemaphoreSlim Woken = new(0);
        public volatile Pause State;
        public long Due;
        public int WaitsFor;
        public bool Fresh;
    }
}

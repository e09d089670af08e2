using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Drives one core on a thread of its own, step by step, and writes down what cannot be worked out again:
/// <para>
/// 1. what the last step sent leaves; without room for it nothing goes on;
/// 2. the time is read, mail is taken in, timers fire;
/// 3. some turns are taken;
/// 4. the step gets its ticket, is recorded, and its facts are told.
/// </para>
/// With nothing to do, the core looks around for a few microseconds and then parks.
/// </summary>
internal sealed class CoreRunner
{
    private const int SpinsPerLook = 3;

    private readonly ParallelHostOptions _options;
    private readonly Coordinator _coordinator;
    private readonly Tickets _tickets;
    private readonly Func<Pause, bool> _stillSo;
    private readonly ByteLog? _steps;
    private readonly ByteLog? _rare;
    private readonly ByteLog? _witness;
    private readonly int[] _taken;
    private RecordedStep _last;
    private int _blockedBy;
    private int _turns;

    public CoreRunner(Core core, ParallelHostOptions options, Coordinator coordinator, Tickets tickets, ByteLog? rare, CoreLog? log, Func<Pause, bool> isFarAhead)
    {
        Core = core;
        Log = log;
        _options = options;
        _coordinator = coordinator;
        _tickets = tickets;
        _taken = new int[options.Workers];
        _last = new RecordedStep(options.Workers);
        _rare = rare;
        _steps = options.Recording ? new ByteLog() : null;
        _witness = options.Recording ? new ByteLog() : null;
        _stillSo = why => why switch
        {
            Pause.Idle => !core.Roads.AnythingIn(),
            Pause.Blocked => !core.Roads.To[_blockedBy]!.HasRoom,
            Pause.Ahead => isFarAhead(why),
            Pause.Running or Pause.Starved or Pause.Late or Pause.Halted => true,
        };
    }

    public Core Core { get; }

    public CoreLog? Log { get; }

    /// <summary>What a turn here threw.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Runs until the coordinator says that the run is over.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        catch (Exception cause)
        {
            Failure = cause;
            _coordinator.Halt();
            WaitsFor(Pause.Halted);
        }
    }

    /// <summary>The step in which a turn threw is the last of the run.</summary>
    public void EndFailedStep()
    {
        EndStep(failed: 1);
        Log?.Publish();
    }

    /// <summary>Another core's failure came first; what happened here after the last step never did.</summary>
    public void Discard()
    {
        Core.Turn.Number -= _turns + 1;
        Log?.Discard();
    }

    /// <summary>Takes in everything that has been sent, without a turn: between runs.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Drain()
    {
        bool sends = Core.Roads.AnythingOut();
        TrySend();
        bool taken = TakeIn(int.MaxValue);
        if (taken)
        {
            EndStep();
        }

        return sends || taken;
    }

    /// <summary>What was recorded since the last time.</summary>
    public CoreRecord TakeRecord()
    {
        CoreRecord record = new(_steps!.Written.ToArray(), _rare!.Written.ToArray(), _witness!.Written.ToArray());
        _steps.Clear();
        _rare.Clear();
        _witness.Clear();
        _last = new RecordedStep(_taken.Length);
        return record;
    }

    /// <summary>The machine is at another place of its run, or of another run: what was recorded here is not what led to it.</summary>
    public void Restored()
    {
        _steps?.Clear();
        _rare?.Clear();
        _witness?.Clear();
        _last = new RecordedStep(_taken.Length);
        Array.Clear(_taken);
        _turns = 0;
        Failure = null;
        Core.Roads.Relieve = false;
        Core.Turn.Telling = false;
        Log?.Restored(Core.Turn.Number);
    }

    private bool Step()
    {
        if (_coordinator.Halted)
        {
            return Pauses(Pause.Halted);
        }

        if (!TrySend())
        {
            return Pauses(Pause.Blocked) && Relieved();
        }

        if (_stillSo(Pause.Ahead))
        {
            return Pauses(Pause.Ahead);
        }

        long now = _coordinator.Read(Core.Index);
        if (now > _coordinator.Until)
        {
            return Pauses(Pause.Late);
        }

        long before = Core.Now;
        bool news = TakeIn(_options.MailLimit);
        news |= Core.SetNow(now);
        if (Core.HasReady)
        {
            TakeTurns();
        }

        if (news || _turns > 0)
        {
            EndStep();
            return true;
        }

        Core.UnsetNow(before);
        return Core.HasReady ? Pauses(Pause.Starved) : LooksAround() || Pauses(Pause.Idle);
    }

    private void TakeTurns()
    {
        int grant = _coordinator.Grant(_options.TurnsPerStep);
        Span<byte> witness = _witness is null ? [] : _witness.Room(grant);
        for (int turn = 0; turn < grant; turn++)
        {
            if (!Core.HasReady)
            {
                _coordinator.Return(grant - turn);
                return;
            }

            byte last = Core.TakeTurn();
            if ((uint)turn < (uint)witness.Length)
            {
                witness[turn] = last;
            }

            _turns++;
        }
    }

    private void EndStep(int failed = 0)
    {
        _witness?.Advance(_turns);
        _turns += failed;
        long ticket = _tickets.Next();
        if (_steps is not null)
        {
            _last.Append(_steps, ticket, _turns, Core.Now, _taken);
        }

        Log?.EndStep(ticket, _turns);
        Array.Clear(_taken);
        _turns = 0;
    }

    private bool TrySend()
    {
        bool all = true;
        for (int to = 0; to < _taken.Length; to++)
        {
            if (to == Core.Index || Core.Roads.Out(to).IsEmpty)
            {
                continue;
            }

            if (Core.Roads.TrySend(to, Core.Now))
            {
                _coordinator.Sent(to);
            }
            else
            {
                _blockedBy = to;
                all = false;
            }
        }

        return all;
    }

    private bool TakeIn(int mailLimit)
    {
        bool any = false;
        for (int source = 0; source < _taken.Length; source++)
        {
            BatchChannel? from = Core.Roads.From[source];
            for (int waiting = from?.Waiting ?? 0; waiting > 0; waiting--)
            {
                if (Core.Waiting >= mailLimit && Core.HasReady)
                {
                    return any;
                }

                Core.TakeIn(source);
                _taken[source]++;
                any = true;
                _coordinator.Taken(source);
            }
        }

        return any;
    }

    private bool Relieved()
    {
        if (Core.Roads.Relieve)
        {
            Core.Roads.Relieve = false;
            if (TakeIn(int.MaxValue))
            {
                EndStep();
            }
        }

        return true;
    }

    private bool LooksAround()
    {
        for (int look = 0; look < _options.Looks; look++)
        {
            if (Core.Roads.AnythingIn())
            {
                return true;
            }

            Thread.SpinWait(SpinsPerLook);
        }

        return false;
    }

    private bool Pauses(Pause why)
    {
        Log?.Publish();
        return WaitsFor(why);
    }

    private bool WaitsFor(Pause why) => _coordinator.Wait(Core, why, _blockedBy, _stillSo);
}

/// <summary>Numbers the steps of all cores as they end.</summary>
internal sealed class Tickets
{
    private long _next;

    public long Next() => Interlocked.Increment(ref _next) - 1;

    public void Begin() => _next = 0;
}

using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime.Parallel;

/// <summary>One core of a replay, driven step by step as its record says.</summary>
internal sealed class ReplayedCore
{
    /// <summary>A recorded run has fewer steps than this many bits count.</summary>
    private const int RunShift = 40;

    private readonly RecordedDecisions _decisions;
    private ByteReader _steps = new([]);
    private readonly Queue<CoreRecord> _following = new();
    private byte[] _witness = [];
    private int _witnessAt;
    private RecordedStep _next;
    private bool _peeked;
    private long _left;

    public ReplayedCore(int index, int cores, HostOptions options, Homes homes, ICoreListener? listener)
    {
        _decisions = new RecordedDecisions(homes, cores);
        _next = new RecordedStep(cores);
        Core = new Core(index, options with { Chooser = _decisions }, homes, _decisions, listener);
    }

    public Core Core { get; }

    /// <summary>Turns taken here.</summary>
    public long Turns { get; set; }

    /// <summary>In the middle of a step.</summary>
    public bool InStep { get; private set; }

    /// <summary>Turns that the step under way has left.</summary>
    public long TurnsLeft => _left;

    /// <summary>Whether there is a step to do, or to finish, in this run.</summary>
    public bool HasStep
    {
        get
        {
            if (InStep || _peeked)
            {
                return true;
            }

            while (_steps.AtEnd)
            {
                if (!_following.TryDequeue(out CoreRecord next))
                {
                    return false;
                }

                int run = Run + 1;
                Open(in next);
                Run = run;
            }

            _next.Read(ref _steps);
            _peeked = true;
            return true;
        }
    }

    /// <summary>Whether it is known what the next step is.</summary>
    public bool Peeked => _peeked;

    /// <summary>Which of the recorded runs that were opened one after the other, from 0.</summary>
    public int Run { get; private set; }

    /// <summary>Orders the next steps of all cores, or those under way, as they were recorded.</summary>
    public long Place => ((long)Run << RunShift) | Ticket;

    /// <summary>The place of the next step, or of the one under way, in the recorded order.</summary>
    public long Ticket => _next.Ticket;

    public long Now => _next.Now;

    /// <summary>Turns that the next step takes, or the one under way in all.</summary>
    public long StepTurns => _next.Turns;

    /// <summary>Whether all that the next step takes in has been sent.</summary>
    public bool CanBegin
    {
        get
        {
            for (int source = 0; source < _next.Taken.Length; source++)
            {
                if (_next.Taken[source] > (Core.Roads.From[source]?.Waiting ?? 0))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public void Open(in CoreRecord record)
    {
        _steps = new ByteReader(record.Steps);
        (_witness, _witnessAt) = (record.Witness, 0);
        _decisions.Open(record.Rare);
        _next = new RecordedStep(_next.Taken.Length);
        (_peeked, InStep, _left, Run) = (false, false, 0, 0);
    }

    /// <summary>What to open when all that is open has been done.</summary>
    public void Follow(in CoreRecord record) => _following.Enqueue(record);

    /// <summary>No recorded run is under way.</summary>
    public void Close()
    {
        (_peeked, InStep, _left) = (false, false, 0);
        _following.Clear();
    }

    /// <summary>Passes on how far this core is in the recorded run that was opened.</summary>
    public void Encode(StateCodec codec)
    {
        bool inStep = InStep;
        (int step, int rare) = (_steps.At, _decisions.At);
        codec.Field("inStep", ref inStep);
        codec.Field("peeked", ref _peeked);
        codec.Field("left", ref _left);
        codec.Field("steps", ref step);
        codec.Field("witness", ref _witnessAt);
        codec.Field("rare", ref rare);
        codec.Field("ticket", ref _next.Ticket);
        codec.Field("turns", ref _next.Turns);
        codec.Field("now", ref _next.Now);
        codec.Values("taken", _next.Taken);
        if (codec.Restoring)
        {
            InStep = inStep;
            (_steps.At, _decisions.At) = (step, rare);
        }
    }

    public void BeginStep()
    {
        InStep = true;
        _peeked = false;
        _left = _next.Turns;
        if (!CanBegin)
        {
            throw Diverged("it takes in more than was sent to it");
        }

        for (int source = 0; source < _next.Taken.Length; source++)
        {
            for (int i = 0; i < _next.Taken[source]; i++)
            {
                Core.TakeIn(source);
            }
        }

        Core.SetNow(_next.Now);
        if (Core.Now != _next.Now)
        {
            throw Diverged(FormattableString.Invariant($"its time is {Core.Now} where {_next.Now} was recorded"));
        }
    }

    /// <summary>Takes some of the turns that the step has left.</summary>
    /// <exception cref="ReplayDivergedException">They are not those that were recorded.</exception>
    /// <exception cref="MachineStoppedException">What cannot be carried out stops the machine as in the recorded run.</exception>
    public void TakeTurns(long count)
    {
        long before = Core.Turn.Number;
        try
        {
            for (long left = count; left > 0; left--)
            {
                TakeTurn();
            }
        }
        catch (Exception cause) when (cause is ScheduleMismatchException or FormatException)
        {
            throw Diverged(cause.Message, taken: true);
        }
        catch (Exception cause) when (cause is not (MachineStoppedException or ReplayDivergedException) && !Core.Turn.Telling)
        {
            string type = Core.Actors[Core.Latest].Actor?.GetType().Name ?? "an actor";
            throw new MachineStoppedException(Core.Latest, type, Core.Turn.Number, Core.LatestKind, new Ticks(Core.Now), cause);
        }
        finally
        {
            long taken = Core.Turn.Number - before;
            Turns += taken;
            _left -= taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeTurn()
    {
        if (!Core.HasReady)
        {
            throw Diverged("it takes a turn where nobody is ready");
        }

        byte witness = Core.TakeTurn();
        byte[] expected = _witness;
        int at = _witnessAt;
        if ((uint)at >= (uint)expected.Length)
        {
            return;
        }

        _witnessAt = at + 1;
        if (witness != expected[at])
        {
            throw Diverged(FormattableString.Invariant($"the chain of {Core.Latest} ends in {witness:x2} where {expected[at]:x2} was recorded"), taken: true, expected[at]);
        }
    }

    public void EndStep()
    {
        InStep = false;
        for (int to = 0; to < _next.Taken.Length; to++)
        {
            if (to != Core.Index)
            {
                Core.Roads.TrySend(to, Core.Now);
            }
        }
    }

    /// <summary>Names the latest turn here: the first difference showed there, or right after.</summary>
    private ReplayDivergedException Diverged(string what, bool taken = false, byte? expected = null)
    {
        Core.TryCell(Core.Latest, out ActorCell cell);
        return new ReplayDivergedException(Core.Index, Core.Latest, in cell, expected, what, taken);
    }
}

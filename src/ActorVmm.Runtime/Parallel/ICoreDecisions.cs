using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>What a core cannot work out by itself: found and recorded in a run, read from the record in a replay.</summary>
internal interface ICoreDecisions
{
    /// <summary>The first id of a block of <see cref="Core.IdBlock"/>.</summary>
    int NextBlock();

    int HomeOf(ActorId actor, Role role);
}

/// <summary>Hears what leaves the machine on one core.</summary>
internal interface ICoreListener
{
    void Left(in Delivery delivery);
}

/// <summary>Decides, and writes down what was decided.</summary>
internal sealed class LiveDecisions(ParallelHostOptions options, Homes homes, ByteLog? rare, Lock asking) : ICoreDecisions, IChooser
{
    private readonly IChooser _chooser = options.Chooser ?? new SeededChooser(options.Seed);

    public int NextBlock()
    {
        int block = homes.Reserve(Core.IdBlock);
        rare?.Number(block);
        return block;
    }

    public int HomeOf(ActorId actor, Role role)
    {
        int home = options.HomeFor(actor, role);
        rare?.Number(home);
        return home;
    }

    public int Choose(in ChoicePoint point)
    {
        int answer = Ask(in point);
        rare?.Number(answer);
        return answer;
    }

    /// <summary>A chooser that was given need not know that several cores ask it.</summary>
    private int Ask(in ChoicePoint point)
    {
        if (options.Chooser is null)
        {
            return _chooser.Choose(in point);
        }

        lock (asking)
        {
            return _chooser.Choose(in point);
        }
    }
}

/// <summary>Reads what was decided.</summary>
internal sealed class RecordedDecisions(Homes homes, int cores) : ICoreDecisions, IChooser
{
    private ByteReader _rare = new([]);

    public void Open(byte[] rare) => _rare = new ByteReader(rare);

    /// <summary>How far the record has been read.</summary>
    public int At
    {
        get => _rare.At;
        set => _rare.At = value;
    }

    public int NextBlock()
    {
        int block = Next("block of ids");
        homes.Reserved(block + Core.IdBlock);
        return block;
    }

    public int HomeOf(ActorId actor, Role role)
    {
        int home = Next("home");
        return home < cores ? home : throw new ScheduleMismatchException(FormattableString.Invariant($"{actor} was given core {home} of {cores} as its home"));
    }

    public int Choose(in ChoicePoint point)
    {
        int answer = Next("answer");
        return answer < point.Alternatives
            ? answer
            : throw new ScheduleMismatchException(
                FormattableString.Invariant($"{point.Actor} was answered {answer} where there are {point.Alternatives} alternatives"));
    }

    private int Next(string what) =>
        _rare.AtEnd ? throw new ScheduleMismatchException(FormattableString.Invariant($"a {what} is needed that the record does not hold")) : _rare.Int();
}

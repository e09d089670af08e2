namespace ActorVmm.Akka;

/// <summary>
/// A desk for each thread that takes turns. Some dispatchers let a thread that tells a letter run another actor before it comes
/// back: such a turn gets a desk of its own, on top of the one that is in use.
/// </summary>
internal sealed class Desks
{
    private readonly Lock _gate = new();
    private readonly List<Desk> _all = [];
    private readonly Func<Desk> _make;
    private readonly ThreadLocal<Desk> _own;

    public Desks(Func<Desk> make)
    {
        _make = make;
        _own = new ThreadLocal<Desk>(Make);
    }

    /// <summary>A desk of this thread at which nobody sits.</summary>
    public Desk Free
    {
        get
        {
            Desk desk = _own.Value!;
            while (desk.IsBusy)
            {
                desk = desk.OnTop ??= Make();
            }

            return desk;
        }
    }

    public IReadOnlyList<Desk> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    private Desk Make()
    {
        Desk desk = _make();
        lock (_gate)
        {
            _all.Add(desk);
        }

        return desk;
    }
}

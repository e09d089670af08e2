namespace ActorVmm.Kernel.Operators;

/// <summary>How far a process has come, as the operator knows it.</summary>
internal enum ProcessProgress : byte
{
    Running,

    /// <summary>Its programs have ended; it stays, so that its memory can be looked at.</summary>
    Lingering,

    /// <summary>It was told to exit, or does so by itself, and has not given everything back yet.</summary>
    Exiting,
    Ended,
}

/// <summary>All processes of a run by serial number: where they are and how far they have come, in five bytes each.</summary>
internal sealed class ProcessRegister : IEncodable
{
    private ActorId[] _actors = new ActorId[4];
    private ProcessProgress[] _progress = new ProcessProgress[4];
    private int _count;
    private readonly int[] _countOf = new int[4];
    private int _youngest = -1;

    /// <summary>Processes started so far.</summary>
    public int Count => _count;

    /// <summary>Processes that are there and not on their way out.</summary>
    public int Alive => _countOf[(int)ProcessProgress.Running] + _countOf[(int)ProcessProgress.Lingering];

    /// <summary>Whether nobody runs or exits any more; some may linger.</summary>
    public bool IsQuiet => _countOf[(int)ProcessProgress.Running] + _countOf[(int)ProcessProgress.Exiting] == 0;

    public ActorId ActorOf(int serial) => _actors[serial];

    public ProcessProgress ProgressOf(int serial) => _progress[serial];

    public void Add(ActorId actor)
    {
        if (_count == _actors.Length)
        {
            Array.Resize(ref _actors, _count * 2);
            Array.Resize(ref _progress, _count * 2);
        }

        _actors[_count] = actor;
        _progress[_count] = ProcessProgress.Running;
        _youngest = _count++;
        _countOf[(int)ProcessProgress.Running]++;
    }

    public void Set(int serial, ProcessProgress progress)
    {
        _countOf[(int)_progress[serial]]--;
        _progress[serial] = progress;
        _countOf[(int)progress]++;
    }

    /// <summary>The process started last of those that are alive; there is one.</summary>
    public int Youngest()
    {
        // It only goes back: whoever is not alive never is again.
        while (_progress[_youngest] is ProcessProgress.Exiting or ProcessProgress.Ended)
        {
            _youngest--;
        }

        return _youngest;
    }

    public void Encode(StateCodec codec)
    {
        int count = _count;
        codec.Values("actors", ref _actors, ref count);
        codec.Values("progress", ref _progress, ref _count);
        codec.Values("count of", _countOf);
        codec.Field("youngest", ref _youngest);
    }
}

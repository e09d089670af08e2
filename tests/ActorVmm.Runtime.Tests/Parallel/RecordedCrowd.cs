using ActorVmm.Actors;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>A run of a crowd in many short recorded runs, with births, messages and moves from outside between them.</summary>
internal sealed class RecordedCrowd : IParallelRecording
{
    private const int Rounds = 8;

    private readonly ulong _seed;
    private readonly int _workers;
    private readonly List<ParallelPiece> _pieces = [];

    public RecordedCrowd(int workers, ulong seed, HostOptions? options = null)
    {
        (_workers, _seed) = (workers, seed);
        Host = BeginLive(options);
        for (int round = 0; round < Rounds; round++)
        {
            Host.Run(maxTurns: 23);
            Save();
            Host.Move(new ActorId(1 + round), round % workers);
            Host.Inject(Host.Create(Crowd.Blank(), Role.Thread), new Word(round));
            Save();
            Host.Inject(new ActorId(1 + (round % 12)), new Word(round, 3));
            Take();
        }

        Host.Run(maxTurns: 23);
        Save();
        Take();
    }

    public ParallelHost Host { get; }

    public int Cores => _workers;

    public IEnumerable<ParallelRecord> Records => _pieces.Select(piece => piece.Record);

    /// <summary>Taken of the host between its runs, each as often as the machine stood there.</summary>
    public List<MachineSnapshot> Saved { get; } = [];

    /// <summary>How many pieces were asked for.</summary>
    public int Asked { get; private set; }

    public IEnumerable<ParallelPiece> From(long delivery)
    {
        foreach (ParallelPiece piece in _pieces.SkipWhile(piece => piece.Before + piece.Record.Deliveries < delivery))
        {
            Asked++;
            yield return piece;
        }
    }

    /// <summary>A live host with the same crowd at its beginning.</summary>
    public ParallelHost BeginLive(HostOptions? options = null) => (ParallelHost)Crowd.Gather(
        given => new ParallelHost(new ParallelHostOptions(given) { Workers = _workers, Clock = TimeProvider.System, TurnsPerStep = 4 }), _seed, options);

    /// <summary>A replay at its beginning.</summary>
    public ReplayHost BeginReplay(IParallelRecording? record = null, int threads = 1)
    {
        var host = (ReplayHost)Crowd.Gather(given => new ReplayHost(record ?? this, new ReplayOptions(given) { Threads = threads }), _seed);
        for (int round = 0; round < Rounds; round++)
        {
            host.Create(Crowd.Blank(), Role.Thread);
        }

        return host;
    }

    /// <summary>What another process would have of a snapshot.</summary>
    public static MachineSnapshot Stored(MachineSnapshot snapshot)
    {
        var actors = Enumerable.Range(0, snapshot.ActorCount).Select(id => snapshot.Actor(new ActorId(id)) is null ? null : Crowd.Blank());
        return MachineSnapshot.Load(snapshot.Written.ToArray(), [.. actors]);
    }

    private void Save()
    {
        Saved.Add(new MachineSnapshot());
        Host.Save(Saved[^1]);
    }

    private void Take()
    {
        ParallelRecord piece = Host.TakeRecord();
        _pieces.Add(new ParallelPiece(Host.Statistics.Turns - piece.Deliveries, piece));
    }
}

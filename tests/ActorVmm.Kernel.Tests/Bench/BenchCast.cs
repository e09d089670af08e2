using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests;

/// <summary>Where everybody is found in tests of single actors.</summary>
public static class BenchCast
{
    public static readonly ActorId PfnDatabase = new(1);
    public static readonly ActorId WorkingSetManager = new(2);
    public static readonly ActorId ModifiedPageWriter = new(3);
    public static readonly ActorId ZeroPageThread = new(4);
    public static readonly ActorId SystemSpace = new(5);
    public static readonly ActorId Operator = new(6);

    /// <summary>A machine with so many paging files.</summary>
    public static Cast Of(int pagingFiles = 1) =>
        new(PfnDatabase, WorkingSetManager, ModifiedPageWriter, ZeroPageThread, SystemSpace, Operator, [.. Enumerable.Range(0, pagingFiles).Select(PagingFile)]);

    /// <summary>Paging file 0 to 15.</summary>
    public static ActorId PagingFile(int file) => new(10 + file);

    /// <summary>A process, from 1 on.</summary>
    public static ActorId Process(int number) => new(100 + number);

    public static string NameOf(ActorId actor) => actor.Value switch
    {
        0 => "outside",
        1 => nameof(PfnDatabase),
        2 => nameof(WorkingSetManager),
        3 => nameof(ModifiedPageWriter),
        4 => nameof(ZeroPageThread),
        5 => nameof(SystemSpace),
        6 => nameof(Operator),
        >= 10 and < 26 => $"PagingFile {actor.Value - 10}",
        > 100 and < 10_000 => $"Process {actor.Value - 100}",
        _ => $"{actor}",
    };
}

namespace ActorVmm.Specifications.Known;

/// <summary>What is known of a process, or of a section, which owns pages like one. All counts are of pages.</summary>
public struct KnownProcess
{
    /// <summary>Private pages it has stated to be charged for.</summary>
    public ulong PrivateCommit;

    /// <summary>Table pages it has stated to be charged for.</summary>
    public ulong TableCommit;

    /// <summary>Pages that a section has stated to be charged for.</summary>
    public ulong SharedCommit;

    /// <summary>Pages of prototype PTEs that a section has stated to be charged for.</summary>
    public ulong PrototypeCommit;

    /// <summary>Pages of its own that exist: in a frame or a slot, valid or not; without table pages.</summary>
    public int UserPages;

    /// <summary>Table pages that exist.</summary>
    public int TablePages;

    /// <summary>Valid PTEs, those of table pages included.</summary>
    public int ValidPtes;

    /// <summary>Valid PTEs that count in the working set.</summary>
    public int WorkingSet;

    /// <summary>Frames granted to it that hold no page: kept ready, or on their way there or back.</summary>
    public int Granted;

    /// <summary>Frames it says it keeps ready.</summary>
    public int Kept;

    /// <summary>Reads it has opened and not closed.</summary>
    public int OpenReads;

    /// <summary>The number of the turn in which it exited; 0 while it has not.</summary>
    public long ExitedIn;

    public bool Started;

    /// <summary>It is a section: its pages are in no working set of its own.</summary>
    public bool IsSection;

    /// <summary>It is a section backed by a file, whose pages are promised by nobody.</summary>
    public bool IsOfFile;

    /// <summary>What it has stated to be charged for, by what for.</summary>
    public readonly ulong CommitFor(CommitKind kind) => kind switch
    {
        CommitKind.Private => PrivateCommit,
        CommitKind.PageTable => TableCommit,
        CommitKind.Shared => SharedCommit,
        CommitKind.Prototype => PrototypeCommit,
    };
}

/// <summary>The table of processes, by actor.</summary>
public sealed class KnownProcesses
{
    /// <summary>More actors than any machine has: a larger number is a lie and gets a blank.</summary>
    private const int ActorsMax = 1 << 24;

    private readonly KnownProcess[] _blank = new KnownProcess[1];
    private KnownProcess[] _processes = new KnownProcess[64];

    /// <summary>One more than the largest actor number met.</summary>
    public int End { get; private set; }

    public ref readonly KnownProcess this[ActorId process] => ref At(process);

    internal ref KnownProcess At(ActorId process)
    {
        int at = process.Value;
        if ((uint)at >= (uint)End)
        {
            if ((uint)at >= ActorsMax)
            {
                _blank[0] = default;
                return ref _blank[0];
            }

            if (at >= _processes.Length)
            {
                Array.Resize(ref _processes, Math.Max(at + 1, _processes.Length * 2));
            }

            End = at + 1;
        }

        return ref _processes[at];
    }
}

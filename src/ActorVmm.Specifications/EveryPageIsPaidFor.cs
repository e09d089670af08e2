namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §21 (commit is a promise, given before the page): a page that exists, in memory or in a paging file, has been charged:
/// <c>existing pages ≤ private commit</c> and <c>existing table pages ≤ table commit</c> of every process, after each of its turns; and the
/// same of every section with its shared commit and that of its prototype PTEs. What is in a file is promised by nobody.
/// </summary>
public sealed class EveryPageIsPaidFor : Specification, IHear<PageMapped>, IHear<ProcessCommitChanged>, IHear<SegmentCommitChanged>, IJudgeTurns
{
    private readonly Situation _promised;
    private readonly Situation _used;
    private bool _judge;

    public EveryPageIsPaidFor()
        : base(nameof(EveryPageIsPaidFor), "a page that exists has been charged")
    {
        _promised = Sometimes("more was charged than exists");
        _used = Sometimes("every page charged exists");
    }

    public void Hear(in PageMapped fact) => _judge |= Known.Frames[fact.Pfn].Holding == Holding.Granted;

    public void Hear(in ProcessCommitChanged fact) => _judge = true;

    public void Hear(in SegmentCommitChanged fact) => _judge = true;

    public void TurnEnded()
    {
        if (!_judge)
        {
            return;
        }

        _judge = false;
        ref readonly KnownProcess process = ref Known.Processes[Actor];
        ulong pages = process.PrivateCommit + process.SharedCommit;
        ulong tables = process.TableCommit + process.PrototypeCommit;
        _promised.SeenIf((ulong)process.UserPages < pages);
        _used.SeenIf((ulong)process.UserPages == pages);
        if ((ulong)process.UserPages > pages && !process.IsOfFile)
        {
            Violated($"{Actor} has {process.UserPages} pages, and is charged for {pages}");
        }

        if ((ulong)process.TablePages > tables)
        {
            Violated($"{Actor} has {process.TablePages} table pages, and is charged for {tables}");
        }
    }
}

namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I7: the working set a process states is the number of its valid PTEs, those of table pages aside, after every
/// turn: <c>working set = valid PTEs of user pages</c>; and its peak is never below it and never falls.
/// </summary>
public sealed class AWorkingSetIsItsValidPages
    : Specification, IHear<PageMapped>, IHear<PageUnmapped>, IHear<ViewPageMapped>, IHear<ViewPageUnmapped>, IHear<WorkingSetCounted>, IJudgeTurns
{
    private readonly FlatMap<Stated> _stated = new();
    private readonly Situation _grew;
    private readonly Situation _shrank;
    private readonly Situation _replaced;
    private int _mapped;
    private int _unmapped;
    private bool _judge;

    public AWorkingSetIsItsValidPages()
        : base(nameof(AWorkingSetIsItsValidPages), "a working set counts exactly the valid pages of its process")
    {
        _grew = Sometimes("a working set grew");
        _shrank = Sometimes("a working set shrank");
        _replaced = Sometimes("a working set replaced a page by another");
    }

    public void Hear(in PageMapped fact)
    {
        bool table = KnownPages.IsTable(fact.Vpn);
        if (fact.InWorkingSet != 2 && table == (fact.InWorkingSet != 0) && !Known.Processes[Actor].IsSection)
        {
            Violated($"page {fact.Vpn}, {(table ? "a table page" : "no table page")}, was mapped {(table ? "into" : "outside")} the working set");
        }

        _mapped++;
        _judge = true;
    }

    public void Hear(in PageUnmapped fact)
    {
        _unmapped++;
        _judge = true;
    }

    public void Hear(in ViewPageMapped fact)
    {
        _mapped++;
        _judge = true;
    }

    public void Hear(in ViewPageUnmapped fact)
    {
        _unmapped++;
        _judge = true;
    }

    public void Hear(in WorkingSetCounted fact)
    {
        ref Stated stated = ref _stated.Put(Actor.Value, 0);
        if (fact.Peak < Math.Max(stated.Peak, fact.Pages))
        {
            Violated($"{Actor} states a peak working set of {fact.Peak}, and it was {Math.Max(stated.Peak, fact.Pages)} already");
        }

        stated = new Stated { Pages = fact.Pages, Peak = fact.Peak };
        _judge = true;
    }

    public void TurnEnded()
    {
        if (!_judge)
        {
            return;
        }

        _judge = false;
        _grew.SeenIf(_mapped > _unmapped);
        _shrank.SeenIf(_mapped < _unmapped);
        _replaced.SeenIf(_mapped != 0 && _mapped == _unmapped);
        _mapped = 0;
        _unmapped = 0;
        int known = Known.Processes[Actor].WorkingSet;
        int stated = _stated.Put(Actor.Value, 0).Pages;
        if (stated != known)
        {
            Violated($"{Actor} states a working set of {stated} pages, and {known} of its pages are valid");
        }
    }

    private struct Stated
    {
        public int Pages;
        public int Peak;
    }
}

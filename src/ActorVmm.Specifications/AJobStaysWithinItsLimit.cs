namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §21: a process of a job, and all processes of a job together, are never charged more private memory than the job allows; and the
/// job refuses only what would be more. <c>charged to a member ≤ its job's process limit</c>, <c>charged to all members ≤ the job's limit</c>.
/// Nothing is in flight: the ledger itself says who is charged.
/// </summary>
public sealed class AJobStaysWithinItsLimit
    : Specification, IHear<JobChanged>, IHear<CommitCharged>, IHear<CommitReturned>, IHear<JobLimitReached>
{
    private readonly SortedDictionary<int, (int Job, ulong Charged)> _members = [];
    private readonly Situation _charged;
    private readonly Situation _refused;

    public AJobStaysWithinItsLimit()
        : base(nameof(AJobStaysWithinItsLimit), "processes of a job are charged no more than the job allows")
    {
        _charged = Sometimes("a process of a job was charged");
        _refused = Sometimes("a job refused a charge");
    }

    public void Hear(in JobChanged fact)
    {
        if (fact.Joined != 0)
        {
            _members[fact.Process.Value] = (fact.Job, 0);
        }
        else
        {
            _members.Remove(fact.Process.Value);
        }
    }

    public void Hear(in CommitCharged fact)
    {
        if (fact.For != CommitKind.Private || !_members.TryGetValue(fact.Process.Value, out (int Job, ulong Charged) member))
        {
            return;
        }

        _charged.Seen();
        _members[fact.Process.Value] = member with { Charged = member.Charged + fact.Pages };
        JobPlan plan = Known.Plan.Jobs[member.Job - 1];
        ulong ofJob = ChargedTo(member.Job);
        if (member.Charged + fact.Pages > plan.ProcessMemory)
        {
            Violated($"{fact.Process} is charged {member.Charged + fact.Pages} pages, and its job allows each process {plan.ProcessMemory}");
        }

        if (ofJob > plan.JobMemory)
        {
            Violated($"the processes of job {plan.Name} are charged {ofJob} pages, and it allows {plan.JobMemory}");
        }
    }

    public void Hear(in CommitReturned fact)
    {
        if (fact.For == CommitKind.Private && _members.TryGetValue(fact.Process.Value, out (int Job, ulong Charged) member))
        {
            _members[fact.Process.Value] = member with { Charged = member.Charged - Math.Min(fact.Pages, member.Charged) };
        }
    }

    public void Hear(in JobLimitReached fact)
    {
        _refused.Seen();
        if (fact.Charged <= fact.Limit && fact.Pages <= fact.Limit - fact.Charged)
        {
            Violated($"{fact.Process} was refused {fact.Pages} pages by its job, and they fit: {fact.Charged} of {fact.Limit} are charged");
        }
    }

    private ulong ChargedTo(int job)
    {
        ulong charged = 0;
        foreach ((int Job, ulong Charged) member in _members.Values)
        {
            charged += member.Job == job ? member.Charged : 0;
        }

        return charged;
    }
}

namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// What limits promises besides the system's own limit: jobs (fact book §21), whose processes are refused although the system could give;
/// and the events by which programs learn how much is promised.
/// </summary>
public sealed partial class SystemSpace
{
    /// <summary>From this share of the limit on, in tenths, commitment is called high.</summary>
    private const ulong HighTenths = 9;

    /// <summary>Up to this share of the limit, in tenths, it is called low.</summary>
    private const ulong LowTenths = 8;

    /// <summary>Pages charged as private memory to the processes of a job, from 1.</summary>
    public ulong ChargedToJob(int job) => _jobs?.ChargedToJob(job) ?? 0;

    /// <summary>Processes that are in a job, from 1.</summary>
    public int MembersOf(int job) => _jobs?.Members(job) ?? 0;

    private void JoinJob(ActorId process, int job, Outbox outbox)
    {
        Invariant.Holds(job > 0 && job <= _jobPlans.Count, "a process joins a job that the machine has");
        _jobs ??= new JobLedger();
        if (_jobs.Join(process, job))
        {
            outbox.State(new JobChanged(process, job, 1));
        }
    }

    private void LeaveJob(ActorId process, Outbox outbox)
    {
        int job = _jobs?.Leave(process) ?? 0;
        if (job > 0)
        {
            outbox.State(new JobChanged(process, job, 0));
        }
    }

    /// <summary>A file that could not be extended can be again; charges that wait have been refused meanwhile, the next ones may ask.</summary>
    private void ExtensionPossible(ActorId sender, ExtensionPossible word, Outbox outbox)
    {
        int file = Array.IndexOf(_files, sender);
        Invariant.Holds(file >= 0, "only a paging file says that it can be extended");
        _fileMaximum[file] = Math.Max(_filePages[file], word.Maximum);
        GrowIfNeeded(outbox);
    }

    /// <summary>Whether a job forbids a charge; then it has been answered.</summary>
    private bool IsOverJobLimit(in WaitingCharge charge, Outbox outbox)
    {
        (int job, ulong ofProcess) = _jobs is null || charge.For != CommitKind.Private ? default : _jobs.Of(charge.Process);
        if (job == 0)
        {
            return false;
        }

        JobPlan plan = _jobPlans[job - 1];
        ulong ofJob = _jobs!.ChargedToJob(job);
        bool overProcess = IsOver(ofProcess, charge.Pages, plan.ProcessMemory);
        if (!overProcess && !IsOver(ofJob, charge.Pages, plan.JobMemory))
        {
            return false;
        }

        outbox.State(overProcess
            ? new JobLimitReached(charge.Pages, ofProcess, plan.ProcessMemory, charge.Process, 0)
            : new JobLimitReached(charge.Pages, ofJob, plan.JobMemory, charge.Process, 1));
        outbox.Send(charge.Process, new CommitAnswered(charge.Pages, charge.Request, NtStatus.CommitmentLimit));
        return true;
    }

    private static bool IsOver(ulong charged, ulong pages, ulong limit) => pages > limit || charged > limit - pages;

    /// <summary>States which commit events this turn has signalled or reset.</summary>
    private void StateConditions(ulong totalBefore, ulong limitBefore, Outbox outbox)
    {
        if (!outbox.Listening || (totalBefore == Total && limitBefore == _limit))
        {
            return;
        }

        if (IsHigh(totalBefore, limitBefore) != IsHigh(Total, _limit))
        {
            outbox.State(new CommitConditionChanged(Total, _limit, CommitCondition.High, IsHigh(Total, _limit) ? 1 : 0));
        }

        if (IsLow(totalBefore, limitBefore) != IsLow(Total, _limit))
        {
            outbox.State(new CommitConditionChanged(Total, _limit, CommitCondition.Low, IsLow(Total, _limit) ? 1 : 0));
        }
    }

    private static bool IsHigh(ulong total, ulong limit) => total * 10 >= limit * HighTenths;

    private static bool IsLow(ulong total, ulong limit) => total * 10 <= limit * LowTenths;
}

namespace ActorVmm.Protocol;

// Limits of commitment besides the system's own, and the events that tell of it: what SystemSpace hears and states about them.

/// <summary>A paging file that could not be extended can be again.</summary>
/// <param name="Maximum">Pages it may grow to.</param>
public readonly record struct ExtensionPossible(uint Maximum) : IMessage
{
    public const int Kind = 720;

    static int IMessage.Kind => Kind;
}

/// <summary>The sender belongs to a job from now on, before it is charged for anything.</summary>
/// <param name="Job">Its number among the machine's jobs, from 1.</param>
public readonly record struct JoinJob(int Job) : IMessage
{
    public const int Kind = 721;

    static int IMessage.Kind => Kind;
}

/// <summary>The sender has given everything back and leaves its job.</summary>
public readonly record struct LeaveJob : IMessage
{
    public const int Kind = 722;

    static int IMessage.Kind => Kind;
}

/// <summary>What Windows tells of commitment by named events (fact book §21).</summary>
public enum CommitCondition
{
    /// <summary>At most 80 % of the limit is promised.</summary>
    Low,

    /// <summary>At least 90 % of the limit is promised.</summary>
    High,
}

/// <summary>A commit event was signalled, or reset.</summary>
public readonly record struct CommitConditionChanged(ulong Total, ulong Limit, CommitCondition Condition, int Signalled) : IFact
{
    public const int Kind = 720;

    static int IFact.Kind => Kind;
}

/// <summary>A process has joined a job, or left it (Joined 0).</summary>
public readonly record struct JobChanged(ActorId Process, int Job, int Joined) : IFact
{
    public const int Kind = 721;

    static int IFact.Kind => Kind;
}

/// <summary>A charge was refused because of a limit of the process's job, whatever the system could promise.</summary>
/// <param name="Pages">What was asked.</param>
/// <param name="Charged">What the process, or the job, is charged already.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Process">Who asked.</param>
/// <param name="OfJob">1: the limit of all processes of the job together; 0: the limit of each.</param>
public readonly record struct JobLimitReached(ulong Pages, ulong Charged, ulong Limit, ActorId Process, int OfJob) : IFact
{
    public const int Kind = 722;

    static int IFact.Kind => Kind;
}

namespace ActorVmm.Explorer.Exploring;

/// <summary>How schedules are chosen.</summary>
public enum StrategyKind
{
    /// <summary>One after the other, no two alike but for the order of turns that commute, until all have been run.</summary>
    Dpor,

    /// <summary>Depth first, until every distinct state has been seen.</summary>
    States,

    /// <summary>Uniformly at each step.</summary>
    Random,

    /// <summary>By random priorities of channels that change at a few random steps.</summary>
    Pct,

    /// <summary>The same for chains of messages that caused each other.</summary>
    Pctcp,

    /// <summary>By random priorities of messages, drawn anew for those that race with the one delivered.</summary>
    Pos,

    /// <summary>The oldest first, but for a few delays at random steps.</summary>
    Delay,

    /// <summary>The sampling ones in turns, with different depths.</summary>
    Portfolio,

    /// <summary>One given schedule.</summary>
    Replay,
}

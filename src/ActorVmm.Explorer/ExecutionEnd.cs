namespace ActorVmm.Explorer;

/// <summary>How an execution ended.</summary>
public enum ExecutionEnd
{
    /// <summary>Nothing was left that could be delivered.</summary>
    Complete,

    /// <summary>The strategy cut it off: everything from there on is known.</summary>
    CutOff,

    /// <summary>A turn threw, which stops the machine.</summary>
    Stopped,

    /// <summary>It took as many turns as an execution may.</summary>
    TooLong,
}

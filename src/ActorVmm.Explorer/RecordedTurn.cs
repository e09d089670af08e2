namespace ActorVmm.Explorer;

/// <summary>One turn of an execution.</summary>
public struct RecordedTurn
{
    /// <summary>The message it heard.</summary>
    public MessageName Name;

    /// <summary>Who sent that; the outside world for start messages.</summary>
    public ActorId Sender;

    /// <summary>Whose turn it was.</summary>
    public ActorId Actor;

    /// <summary>Who that is on every host.</summary>
    public ulong Receiver;

    /// <summary>The kind of what it heard.</summary>
    public int Kind;

    /// <summary>The turn that sent what it heard; −1 when that was on its way at the beginning.</summary>
    public int Cause;

    /// <summary>The actor's turn before this one; −1 when there is none.</summary>
    public int Previous;

    /// <summary>Which of all sends it heard; −1 when that was on its way at the beginning.</summary>
    public int Send;

    /// <summary>It heard a timer of its own.</summary>
    public bool IsTimer;

    internal int FirstSend;
    internal int SendCount;
    internal int FirstAnswer;
    internal int AnswerCount;
}

/// <summary>A message that was sent, or a timer that was started.</summary>
public struct RecordedSend
{
    public MessageName Name;

    /// <summary>To whom; the outside world for a timer that does not fire.</summary>
    public ActorId To;

    public int Kind;

    /// <summary>The turn that sent it.</summary>
    public int By;

    /// <summary>The turn that heard it; −1 when none did.</summary>
    public int HeardIn;

    public bool IsTimer;

    /// <summary>The turn that cancelled the timer; −1 when none did.</summary>
    internal int CancelledIn;

    internal TimerId Timer;
}

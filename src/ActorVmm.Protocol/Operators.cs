namespace ActorVmm.Protocol;

// What the Operator hears.

/// <summary>Begin: start processes, arm timers.</summary>
public readonly record struct StartScenario : IMessage
{
    public const int Kind = 800;

    static int IMessage.Kind => Kind;
}

/// <summary>A step of the load plan is due.</summary>
public readonly record struct LoadStepDue(int Step) : IMessage
{
    public const int Kind = 801;

    static int IMessage.Kind => Kind;
}

/// <summary>An injection is due.</summary>
public readonly record struct InjectionDue(int Injection) : IMessage
{
    public const int Kind = 802;

    static int IMessage.Kind => Kind;
}

/// <summary>All threads of a process have ended; unless it lingers, it is exiting.</summary>
public readonly record struct ProgramsEnded(int Serial) : IMessage
{
    public const int Kind = 803;

    static int IMessage.Kind => Kind;
}

/// <summary>A process has given everything back.</summary>
public readonly record struct ProcessEnded(int Serial, NtStatus Status) : IMessage
{
    public const int Kind = 804;

    static int IMessage.Kind => Kind;
}

/// <summary>Told to the outside world: everything the scenario asked for has happened.</summary>
public readonly record struct ScenarioEnded(int Processes) : IMessage
{
    public const int Kind = 805;

    static int IMessage.Kind => Kind;
}

/// <summary>The operator's word to itself: there are more processes to start or to end than one turn should hold.</summary>
public readonly record struct AdjustProcesses : IMessage
{
    public const int Kind = 806;

    static int IMessage.Kind => Kind;
}

/// <summary>The handle with which a section was made is to be closed.</summary>
/// <param name="Section">Its place in the plan, from 0.</param>
public readonly record struct SectionClosingDue(int Section) : IMessage
{
    public const int Kind = 807;

    static int IMessage.Kind => Kind;
}

// What the Operator states.

/// <summary>An injection was carried out.</summary>
public readonly record struct Injected(InjectionKind Injection, byte Reserved, ushort Reserved2, int Target, int Factor) : IFact
{
    public const int Kind = 800;

    static int IFact.Kind => Kind;
}

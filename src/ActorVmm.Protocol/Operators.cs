namespace ActorVmm.Protocol;

// What the Operator hears.

/// <summary>Begin: start processes, arm timers.</summary>
public readonly record struct StartScenario : IMessage
{
    public static int Kind => 800;
}

/// <summary>A step of the load plan is due.</summary>
public readonly record struct LoadStepDue(int Step) : IMessage
{
    public static int Kind => 801;
}

/// <summary>An injection is due.</summary>
public readonly record struct InjectionDue(int Injection) : IMessage
{
    public static int Kind => 802;
}

/// <summary>All threads of a process have ended; unless it lingers, it is exiting.</summary>
public readonly record struct ProgramsEnded(int Serial) : IMessage
{
    public static int Kind => 803;
}

/// <summary>A process has given everything back.</summary>
public readonly record struct ProcessEnded(int Serial, NtStatus Status) : IMessage
{
    public static int Kind => 804;
}

/// <summary>Told to the outside world: everything the scenario asked for has happened.</summary>
public readonly record struct ScenarioEnded(int Processes) : IMessage
{
    public static int Kind => 805;
}

// What the Operator states.

/// <summary>An injection was carried out.</summary>
public readonly record struct Injected(InjectionKind Injection, byte Reserved, ushort Reserved2, int Target, int Factor) : IFact
{
    public static int Kind => 800;
}

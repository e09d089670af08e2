namespace ActorVmm.Explorer;

/// <summary>Something whose orders of delivery can be explored: a counted model, a race of the catalogue, a scenario.</summary>
public interface ISubject
{
    /// <summary>As the command line names it, for example <c>race:collided-fault</c>.</summary>
    string Name { get; }

    /// <summary>What names it after <c>actorvmm explore</c>, parameters included.</summary>
    string Command { get; }

    /// <summary>Puts the machine together in its first state, with its start messages on their way.</summary>
    /// <param name="options">What the host is to be built with; the subject adds who judges its facts.</param>
    /// <returns>The machine. Each call gives one of its own, so that several workers can explore.</returns>
    SubjectMachine Build(SteppedOptions options);
}

/// <summary>A machine to be explored.</summary>
/// <param name="Host">Delivers; in its first state.</param>
/// <param name="Judge">Hears the machine's facts.</param>
public sealed record SubjectMachine(SteppedHost Host, IJudge Judge)
{
    /// <summary>State that actors share outside their own; null when there is none.</summary>
    public IEncodable? Shared { get; init; }

    /// <summary>Keeps the first state; when left out, the actors' states are all there is.</summary>
    public IFirstState First { get; init; } = new HostState(Host);

    /// <summary>What an actor is called, for people.</summary>
    public Func<ActorId, string> NameOf { get; init; } = id => id.ToString();
}

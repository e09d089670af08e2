namespace ActorVmm.Runtime;

/// <summary>
/// Runs a machine's actors: decides which delivery comes next and what time it is, and nothing else. All hosts keep the same
/// contract, which <c>HostContractTests</c> states.
/// </summary>
public interface IHost
{
    /// <summary>Virtual time.</summary>
    Ticks Now { get; }

    HostStatistics Statistics { get; }

    /// <summary>Creates a starting actor; its identity is the outside world's next child.</summary>
    ActorId Create(IActor actor, Role role);

    /// <summary>Puts a message from the outside world into an actor's mailbox; between runs only.</summary>
    void Inject(ActorId to, in Message message);

    /// <summary>
    /// Takes turns until nothing is left to deliver, or a limit is met; a later call goes on as if there had been none.
    /// </summary>
    /// <param name="until">No turn starts after this time.</param>
    /// <param name="maxTurns">The most turns to take in this call.</param>
    /// <exception cref="MachineStoppedException">A turn threw, now or in an earlier call.</exception>
    RunOutcome Run(Ticks? until = null, long? maxTurns = null);

    /// <summary>
    /// The run so far: every actor's inputs and state, however concurrent turns were interleaved.
    /// </summary>
    /// <param name="shared">State that actors share outside their own, such as an arena of contents.</param>
    Fingerprint Fingerprint(IEncodable? shared = null);
}

/// <summary>A host that remembers what ended its machine.</summary>
public interface IStoppableHost : IHost
{
    /// <summary>What ended the machine; null while it can go on.</summary>
    MachineStoppedException? Stop { get; }
}

/// <summary>A host whose machine can be taken back to where it was.</summary>
public interface IRestorableHost : IHost
{
    /// <summary>Takes a snapshot of the machine between runs, over whatever <paramref name="into"/> held.</summary>
    void Save(MachineSnapshot into);

    /// <summary>Goes back, or forward again, to a snapshot of this same machine; also out of a stop.</summary>
    void Restore(MachineSnapshot from);
}

/// <summary>Why <see cref="IHost.Run"/> came back.</summary>
public enum RunOutcome
{
    /// <summary>No message is waiting, no turn is under way and no timer is running.</summary>
    Quiescent,

    /// <summary>What comes next lies after the given time.</summary>
    TimeReached,

    /// <summary>As many turns as allowed were taken.</summary>
    TurnsReached,
}

/// <summary>What a host has done so far.</summary>
/// <param name="Turns">Turns taken.</param>
/// <param name="Messages">Messages put into mailboxes, fired timers and messages from outside included.</param>
/// <param name="Dropped">Messages that found their receiver stopped, or were in its mailbox when it stopped.</param>
/// <param name="SentOutside">Messages that left the machine.</param>
/// <param name="TimersFired">Timers that became messages.</param>
/// <param name="ActorsCreated">Actors ever created, the starting ones included.</param>
/// <param name="ActorsStopped">Actors that have stopped.</param>
public record struct HostStatistics(
    long Turns, long Messages, long Dropped, long SentOutside, long TimersFired, int ActorsCreated, int ActorsStopped);

/// <summary>Shorthands over <see cref="IHost"/>.</summary>
public static class HostExtensions
{
    public static void Inject<T>(this IHost host, ActorId to, in T message)
        where T : unmanaged, IMessage => host.Inject(to, Message.Of(in message));
}

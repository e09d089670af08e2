using ActorVmm.Actors;
using ActorVmm.Journal;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>Where the turns of a timeline come from: a host that can be put at any delivery, and what is known of the run beforehand.</summary>
internal interface ITimelineSource : IDisposable
{
    /// <summary>How many deliveries the run has; null where it must be run to know.</summary>
    long? Length { get; }

    /// <summary>The run ends at this virtual time; null where it has no such limit.</summary>
    Ticks? Until { get; }

    /// <summary>Puts the machine together; called once.</summary>
    /// <param name="facts">Who hears facts.</param>
    /// <param name="turns">Who hears turns, after whoever the source adds.</param>
    SimulatedMachine Build(IReadOnlyList<IFactListener> facts, IReadOnlyList<ITurnListener> turns);

    /// <summary>The machine has been taken to a delivery, and goes on from there.</summary>
    void Restored(long delivery);

    /// <summary>Goes on.</summary>
    /// <param name="until">No turn starts after this time.</param>
    /// <param name="turns">The most turns to take.</param>
    /// <exception cref="RunDivergedException">It is not the run that it should be.</exception>
    /// <exception cref="MachineStoppedException">A turn threw.</exception>
    RunOutcome Run(Ticks? until, long turns);

    /// <summary>A stored state before a delivery; null when there is none behind <paramref name="after"/> that is worth its opening.</summary>
    MachineCheckpoint? Stored(SimulatedMachine machine, long before, long after);

    /// <summary>The next delivery where the source wants to store the state; <see cref="long.MaxValue"/> when there is none.</summary>
    long NextToStore(long position);

    /// <summary>Stores the state at such a delivery.</summary>
    void Store(MachineCheckpoint checkpoint);

    /// <summary>The last delivery at or before a time; null where only running tells.</summary>
    long? DeliveryAt(Ticks time);
}

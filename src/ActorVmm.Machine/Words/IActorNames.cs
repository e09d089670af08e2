using ActorVmm.Actors;

namespace ActorVmm.Machine.Words;

/// <summary>What people call the actors of a machine. No name holds a blank.</summary>
public interface IActorNames
{
    string NameOf(ActorId id);
}

using ActorVmm.Actors;
using ActorVmm.Kernel;

namespace ActorVmm.Machine;

/// <summary>
/// On which core of a parallel host each actor of a machine lives. The PFN lock is the one that everybody wants, so it gets the
/// last core and, with it, fewer processes; the operator and the threads of the system live with it, because they talk to it.
/// </summary>
public static class MachineHomes
{
    public static int HomeOf(ActorId actor, Role role, int cores) => actor.Value % cores;
}

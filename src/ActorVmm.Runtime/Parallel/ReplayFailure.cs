using System.Runtime.ExceptionServices;

namespace ActorVmm.Runtime.Parallel;

/// <summary>What ended a replay on threads, the first in the recorded order; every step before it has been done.</summary>
internal sealed record ReplayFailure(ReplayedCore Core, Exception Cause)
{
    /// <param name="turns">Turns up to there, the one that failed included.</param>
    public void Throw(long turns)
    {
        (Cause as ReplayDivergedException)?.Number(turns);
        ExceptionDispatchInfo.Throw(Cause is MachineStoppedException stop ? stop.InTurn(turns) : Cause);
    }
}

using ActorVmm.Journal.Events;

namespace ActorVmm.Journal.Replaying;

/// <summary>Makes the machine of a recorded run again, on the host that it is given.</summary>
/// <param name="started">What the run was.</param>
/// <param name="hostOf">Where its actors run.</param>
/// <returns>Summarises the machine as the recorded run was summarised.</returns>
public delegate Func<Fingerprint> MachineFactory(RunStarted started, Func<HostOptions, IHost> hostOf);

/// <summary>What a replay came to.</summary>
/// <param name="Deliveries">Deliveries made.</param>
/// <param name="Fingerprint">Of the machine after them.</param>
/// <param name="Recorded">What the run's end says; null when the run was cut off or the replay stopped before it.</param>
/// <param name="Checkpoints">Checkpoints that were met and are the same.</param>
/// <param name="Divergence">The first place where it is not what was recorded; null where there is none.</param>
/// <param name="CutOff">Whether the recorded run has no end: everything that was durable was replayed.</param>
/// <param name="Stop">What the turn said that stopped the machine, here as in the recorded run; "" where none did.</param>
public sealed record ReplayResult(long Deliveries, Fingerprint Fingerprint, Fingerprint? Recorded, int Checkpoints, Divergence? Divergence, bool CutOff, string Stop)
{
    /// <summary>Whether everything that was recorded about these deliveries was found again.</summary>
    public bool Verified => Divergence is null;
}

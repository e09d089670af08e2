namespace ActorVmm.Kernel.Inspection;

/// <summary>One allocation of pool.</summary>
/// <param name="Base">Where it begins.</param>
/// <param name="Pages">How much.</param>
/// <param name="Pool">Of which pool.</param>
/// <param name="QuotaOf">Serial number of the process that is charged for it; −1 for nobody.</param>
public sealed record PoolAllocationView(Vpn Base, ulong Pages, PoolKind Pool, int QuotaOf);

using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Inspection;

/// <summary>
/// How the processor finds the page of an address: four tables, each entry found through the one before (fact book §2.2). Where an
/// entry is not valid the walk ends, and what lies below is not in memory or does not exist.
/// </summary>
/// <param name="Page">The page.</param>
/// <param name="Steps">The entries, top table first: PXE, PPE, PDE, PTE.</param>
/// <param name="Protection">Of the page; null where the address is free or reserved.</param>
/// <param name="Vad">The descriptor that covers it; null where there is none.</param>
public sealed record PageWalk(Vpn Page, IReadOnlyList<PageWalkStep> Steps, PageProtection? Protection, VadView? Vad);

/// <summary>One entry on the way.</summary>
/// <param name="Level">PXE, PPE, PDE or PTE.</param>
/// <param name="Index">Which of the 512 entries of its table.</param>
/// <param name="EntryAddress">Where the entry is found in the self-map.</param>
/// <param name="Entry">The entry; zero where its table does not exist.</param>
/// <param name="Reached">Whether all entries above it are valid, so that the processor gets here.</param>
public readonly record struct PageWalkStep(string Level, int Index, VirtualAddress EntryAddress, Pte Entry, bool Reached);

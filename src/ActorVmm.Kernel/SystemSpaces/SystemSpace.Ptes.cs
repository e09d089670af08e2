namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// Pages of requests mapped into system space, so that drivers can touch them whoever is current (fact book §24). There are only so many system PTEs,
/// and one who asks for more is told so: MmGetSystemAddressForMdlSafe returns NULL.
/// </summary>
public sealed partial class SystemSpace
{
    /// <summary>Without a limit, a quarter of the region: stacks and images want some too.</summary>
    private const ulong ShareOfRegion = 4;

    private SystemPtes? _ptes;

    /// <summary>The most pages that drivers can have mapped at once.</summary>
    public uint SystemPteLimit => _system.SystemPtes > 0 ? _system.SystemPtes : (uint)(SystemRegions.Of(_platform).PagesEach / ShareOfRegion);

    /// <summary>Pages that drivers have mapped.</summary>
    public uint SystemPtesUsed => _ptes?.Used ?? 0;

    /// <summary>The most they ever had.</summary>
    public uint SystemPtesPeak => _ptes?.Peak ?? 0;

    /// <summary>How often one was told that there is no room.</summary>
    public ulong SystemPtesRefused => _ptes?.Refused ?? 0;

    /// <summary>Where number 0 would be; kernel stacks lie below.</summary>
    private ulong FirstMapped
    {
        get
        {
            var regions = SystemRegions.Of(_platform);
            return regions.SystemPtes.Value + ((regions.PagesEach / 2) << PageSize.Shift);
        }
    }

    private void MapMdl(ActorId driver, MapMdl asked, Outbox outbox)
    {
        outbox.Spend(_operation);
        if (_ptes is null)
        {
            _ptes = new SystemPtes();
            _ptes.Provide(SystemPteLimit);
        }

        uint first = _ptes.Take(asked.Pages);
        outbox.State(new SystemPtesCounted(first == 0 ? 0 : (int)asked.Pages, _ptes.Used, SystemPteLimit));
        outbox.Send(driver, new MdlMapped(first == 0 ? 0 : FirstMapped + ((ulong)first << PageSize.Shift), asked.Packet));
    }

    private void UnmapMdl(UnmapMdl unmapped, Outbox outbox)
    {
        outbox.Spend(_operation);
        Invariant.Holds(_ptes is not null, "only what was mapped is unmapped");
        _ptes!.Release((uint)((unmapped.Address - FirstMapped) >> PageSize.Shift), unmapped.Pages);
        outbox.State(new SystemPtesCounted(-(int)unmapped.Pages, _ptes.Used, SystemPteLimit));
    }
}

using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Where page tables are found in the address space itself (fact book §2.2, §2.3).</summary>
public sealed class SelfMapTests
{
    private const ulong PteBase = 0xFFFF_F680_0000_0000;
    private const ulong PdeBase = 0xFFFF_F6FB_4000_0000;
    private const ulong PpeBase = 0xFFFF_F6FB_7DA0_0000;
    private const ulong PxeBase = 0xFFFF_F6FB_7DBE_D000;

    // The table of a page lies where its PTE lies: PTE base + 8 × page number, as a page.
    [Theory]
    [InlineData(0, PteBase)]
    [InlineData(0x1F_F000, PteBase)] // the last page of the first 2 MB
    [InlineData(0x20_0000, PteBase + 0x1000)]
    [InlineData(0x7FFF_FFFE_F000, 0xFFFF_F6BF_FFFF_F000)]
    [InlineData(PteBase, PdeBase)]
    [InlineData(PdeBase, PpeBase)]
    [InlineData(PpeBase, PxeBase)]
    [InlineData(PxeBase, PxeBase)] // the top table is its own
    public void EveryPageHasATable(ulong address, ulong table) =>
        SelfMap.X64.TableOf(new VirtualAddress(address).Page).Start.Value.ShouldBe(table);

    [Fact]
    public void FourStepsUpIsTheRoot()
    {
        foreach (ulong address in (ulong[])[0x1_0000, 0x4000_0000, 0x7FFF_FFFE_0000])
        {
            var page = new VirtualAddress(address).Page;
            for (int level = 0; level < 4; level++)
            {
                SelfMap.Contains(page).ShouldBe(level > 0);
                page.ShouldNotBe(SelfMap.X64.Root);
                page = SelfMap.X64.TableOf(page);
            }

            page.ShouldBe(SelfMap.X64.Root);
        }

        SelfMap.X64.Root.Start.Value.ShouldBe(PxeBase);
        SelfMap.X64.EntriesPerTable.ShouldBe(512);
    }

    [Theory]
    [InlineData(PteBase - 0x1000, false)]
    [InlineData(PteBase, true)]
    [InlineData(PxeBase, true)]
    [InlineData(0xFFFF_F6FF_FFFF_F000, true)]
    [InlineData(0xFFFF_F700_0000_0000, false)]
    [InlineData(0x7FFF_FFFE_0000, false)]
    public void TheRegionIs512GigabytesLong(ulong address, bool inside) => SelfMap.Contains(new VirtualAddress(address).Page).ShouldBe(inside);

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0x7FFF_FFFE_F123, 0xFF, 0x1FF, 0x1FF, 0x1EF)]
    [InlineData(0x0000_0080_4020_1000, 1, 1, 1, 1)] // one of each: 512 GB, 1 GB, 2 MB, 4 KB
    [InlineData(PteBase, 0x1ED, 0, 0, 0)]
    [InlineData(PdeBase, 0x1ED, 0x1ED, 0, 0)]
    [InlineData(PpeBase, 0x1ED, 0x1ED, 0x1ED, 0)]
    [InlineData(PxeBase, 0x1ED, 0x1ED, 0x1ED, 0x1ED)]
    [InlineData(0xFFFF_8000_0000_0000, 0x100, 0, 0, 0)]
    public void AWalkHasFourIndices(ulong address, int pxe, int ppe, int pde, int pte) =>
        SelfMap.X64.Indices(new VirtualAddress(address).Page).ShouldBe([pxe, ppe, pde, pte]);
}

using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Page tables against a dictionary of PTEs that is counted anew each time.</summary>
public sealed class PageTablesTests
{
    private static readonly ulong[] _places = [0x10, 0x1F0, 0x200, 0x4_0000, 0x7_FFFF_FFC0];
    private static readonly Pte[] _forms =
    [
        Pte.Zero, Pte.ForDemandZero(ProtectionCode.ReadWrite), Pte.Decommitted, Pte.ForDemandZero(ProtectionCode.NoAccess),
        Pte.ForValid(new Pfn(3), ProtectionCode.ReadWrite), Pte.ForTransition(new Pfn(4), ProtectionCode.ReadOnly, new Generation(9)),
        Pte.ForPagingFile(new PagingFileSlot(1, 7), ProtectionCode.ReadWrite), new(0x400),
    ];

    [Fact]
    public void CountsAreThoseOfTheEntries() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var tables = new PageTables(SelfMap.X64);
            Dictionary<ulong, Pte> naive = [];
            for (int at = 0; at + 1 < steps.Length; at += 2)
            {
                ulong page = _places[steps[at] % _places.Length] + (steps[at + 1] % 48U);
                var pte = _forms[steps[at] / 8 % _forms.Length];
                int cell = tables.CellOf(new Vpn(page));
                tables.CellOf(new Vpn(page)).ShouldBe(cell, "a cell stays where it is");
                tables.Write(cell, pte);
                naive[page] = pte;
            }

            Compare(tables, naive);
            var twin = new PageTables(SelfMap.X64);
            twin.CellOf(new Vpn(0x999));
            ActorBench.Copy(tables, twin);
            Compare(twin, naive);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ATableHasItsPteInTheTableAbove()
    {
        var tables = new PageTables(SelfMap.X64);
        int bottom = tables.RowOfTable(SelfMap.X64.TableOf(new Vpn(0x10)));
        tables.TableCount.ShouldBe(4);
        int row = bottom;
        for (int level = 0; level < 4; level++)
        {
            tables.WriteTable(row, Pte.ForValid(new Pfn((uint)level), ProtectionCode.ReadWrite));
            tables.ChargedTables.ShouldBe(level + 1);
            row = tables.Table(row).Parent;
        }

        row.ShouldBe(-1);
        int parent = tables.Table(bottom).Parent;
        tables.Table(parent).ShouldSatisfyAllConditions(table => table.Used.ShouldBe((ushort)1), table => table.Resident.ShouldBe((ushort)1), table => table.Valid.ShouldBe((ushort)1));
        tables.WriteTable(bottom, Pte.ForTransition(new Pfn(0), ProtectionCode.ReadWrite, new Generation(1)));
        tables.Table(parent).ShouldSatisfyAllConditions(table => table.Resident.ShouldBe((ushort)1), table => table.Valid.ShouldBe((ushort)0));
        tables.WriteTable(bottom, Pte.ForPagingFile(new PagingFileSlot(0, 1), ProtectionCode.ReadWrite));
        tables.Table(parent).ShouldSatisfyAllConditions(table => table.Used.ShouldBe((ushort)1), table => table.Resident.ShouldBe((ushort)0));
        tables.ChargedTables.ShouldBe(4, "a table in a paging file still exists");
        tables.WriteTable(bottom, Pte.Zero);
        tables.Table(parent).Used.ShouldBe((ushort)0);
        tables.ChargedTables.ShouldBe(3);
    }

    [Fact]
    public void ARangeIsWalkedByPagesAndByChunksAlike() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<(byte, byte)>(), (pages, range) =>
        {
            var tables = new PageTables(SelfMap.X64);
            foreach (byte page in pages)
            {
                tables.Write(tables.CellOf(new Vpn(page * 8U)), Pte.ForDemandZero(ProtectionCode.ReadWrite));
            }

            foreach (ulong length in (ulong[])[range.Item2, range.Item2 * 100U, 0x7_0000_0000])
            {
                var (first, last) = (range.Item1 * 8UL, (range.Item1 * 8UL) + length);
                List<ulong> seen = [];
                foreach (int cell in new CellsInRange(tables, new Vpn(first), new Vpn(last)))
                {
                    if (tables.Pte(cell) != Pte.Zero)
                    {
                        seen.Add(tables.PageOf(cell).Value);
                    }
                }

                seen.Order().ShouldBe(pages.Select(page => page * 8UL).Distinct().Where(page => page >= first && page <= last).Order());
            }
        }).QuickCheckThrowOnFailure();

    private static void Compare(PageTables tables, Dictionary<ulong, Pte> naive)
    {
        foreach (var (page, pte) in naive)
        {
            tables.Read(new Vpn(page)).ShouldBe(pte);
            tables.PageOf(tables.FindCell(new Vpn(page))).ShouldBe(new Vpn(page));
        }

        tables.FindCell(new Vpn(0x5_5555)).ShouldBe(-1);
        tables.Read(new Vpn(0x5_5555)).ShouldBe(Pte.Zero);
        foreach (var group in naive.GroupBy(entry => SelfMap.X64.TableOf(new Vpn(entry.Key))))
        {
            ref var table = ref tables.Table(tables.FindTable(group.Key));
            table.Used.ShouldBe((ushort)group.Count(entry => entry.Value != Pte.Zero));
            table.Resident.ShouldBe((ushort)group.Count(entry => entry.Value.Form is PteForm.Valid or PteForm.Transition));
            table.Valid.ShouldBe((ushort)group.Count(entry => entry.Value.IsValid));
        }
    }
}

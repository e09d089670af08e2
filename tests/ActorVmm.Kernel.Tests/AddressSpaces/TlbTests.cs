using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>The TLB against what it was told: it may have forgotten, it never makes anything up.</summary>
public sealed class TlbTests
{
    [Theory]
    [InlineData(0x04, false, true, false, false)] // the first store has to be seen
    [InlineData(0x04, true, true, true, false)]
    [InlineData(0x06, true, true, true, true)]
    [InlineData(0x06, false, true, false, true)]
    [InlineData(0x01, false, true, false, false)]
    [InlineData(0x01, true, true, false, false)] // dirty from before it was made read-only
    [InlineData(0x02, false, true, false, true)]
    public void AHitNeedsTheRight(byte protection, bool dirty, bool read, bool write, bool execute)
    {
        var tlb = new Tlb();
        var pte = Pte.ForValid(new Pfn(1), new ProtectionCode(protection));
        tlb.Fill(new Vpn(5), dirty ? pte.WithDirty : pte);
        Hits(tlb, 5, AccessKind.Read).ShouldBe(read);
        Hits(tlb, 5, AccessKind.Write).ShouldBe(write);
        Hits(tlb, 5, AccessKind.Execute).ShouldBe(execute);
    }

    [Fact]
    public void TheAccessLoopsShortcutNeedsTheSameBits()
    {
        foreach (var access in Enum.GetValues<AccessKind>())
        {
            // RunAccesses computes the bits from the kind of operation.
            Tlb.Needed(access).ShouldBe(1 | ((ulong)access << 1));
        }
    }

    [Fact]
    public void ItNeverMakesAnythingUp() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), steps =>
        {
            var tlb = new Tlb();
            HashSet<ulong> told = [];
            foreach (ushort step in steps.Concat(steps).Concat(steps))
            {
                ulong page = (ulong)(step % 700) << (step % 3 * 11);
                if (step % 5 == 0)
                {
                    tlb.Flush(new Vpn(page));
                    told.Remove(page);
                }
                else
                {
                    tlb.Fill(new Vpn(page), Pte.ForValid(new Pfn(1), ProtectionCode.ReadWrite).WithDirty);
                    told.Add(page);
                    Hits(tlb, page, AccessKind.Write).ShouldBeTrue("what was filled in last is there");
                }

                ulong other = (ulong)(step * 7 % 700);
                (!Hits(tlb, other, AccessKind.Read) || told.Contains(other)).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ItGrowsWhenPagesDisplaceEachOtherAndStartsEmptyThen()
    {
        var tlb = new Tlb();
        tlb.Entries.Length.ShouldBe(16);
        for (ulong page = 0; page < 100_000; page++)
        {
            tlb.Fill(new Vpn(page), Pte.ForValid(new Pfn(1), ProtectionCode.ReadOnly));
            Hits(tlb, page, AccessKind.Read).ShouldBeTrue();
        }

        tlb.Entries.Length.ShouldBe(2048);
        tlb.Misses.ShouldBe(100_000);
        var twin = new Tlb();
        ActorBench.Copy(tlb, twin);
        twin.Entries.SequenceEqual(tlb.Entries).ShouldBeTrue();
        Hits(twin, 99_999, AccessKind.Read).ShouldBeTrue();
    }

    [Fact]
    public void PagesThatFitStayInASmallOneHoweverOftenTheyAreFlushed()
    {
        var tlb = new Tlb();
        for (ulong round = 0; round < 10_000; round++)
        {
            tlb.Fill(new Vpn(round % 16), Pte.ForValid(new Pfn(1), ProtectionCode.ReadOnly));
            tlb.Flush(new Vpn(round % 16));
        }

        tlb.Entries.Length.ShouldBe(16);
        tlb.Misses.ShouldBe(10_000);
    }

    [Fact]
    public void WhatWasNotedOfAPageIsThereWheneverThePageHitsAlsoAfterGrowthAndInACopy()
    {
        var tlb = new Tlb();
        for (int round = 0; round < 10_000; round++)
        {
            tlb.Fill(new Vpn((ulong)(round % 64)), Pte.ForValid(new Pfn(1), ProtectionCode.ReadOnly));
            tlb.Note(new Vpn((ulong)(round % 64)), (round % 64) + 1);
        }

        var twin = new Tlb();
        ActorBench.Copy(tlb, twin);
        for (ulong page = 0; page < 64; page++)
        {
            Hits(twin, page, AccessKind.Read).ShouldBeTrue();
            tlb.Noted(page).ShouldBe((int)page + 1);
            twin.Noted(page).ShouldBe((int)page + 1);
        }
    }

    private static bool Hits(Tlb tlb, ulong page, AccessKind access) =>
        Tlb.Hits(tlb.Entries[(int)(page & (uint)(tlb.Entries.Length - 1))], page, Tlb.Needed(access));
}

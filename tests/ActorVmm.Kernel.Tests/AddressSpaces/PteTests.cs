using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>PTEs bit for bit: the numbers were put together by hand from the table of fact book §14.2.</summary>
public sealed class PteTests
{
    private const uint Frame = 0x12345;

    // Valid 1, User 4, Accessed 20h, CopyOnWrite 200h, Write 800h, frame from bit 12, no-execute bit 63
    [Theory]
    [InlineData(0x01, 0x8000_0000_1234_5025)] // read only
    [InlineData(0x02, 0x0000_0000_1234_5025)] // execute
    [InlineData(0x03, 0x0000_0000_1234_5025)] // execute read
    [InlineData(0x04, 0x8000_0000_1234_5825)] // read/write
    [InlineData(0x05, 0x8000_0000_1234_5225)] // write copy
    [InlineData(0x06, 0x0000_0000_1234_5825)] // execute read/write
    [InlineData(0x07, 0x0000_0000_1234_5225)] // execute write copy
    public void AValidPte(byte protection, ulong bits)
    {
        var pte = Pte.ForValid(new Pfn(Frame), new ProtectionCode(protection));
        pte.Value.ShouldBe(bits);
        pte.Form.ShouldBe(PteForm.Valid);
        pte.Pfn.ShouldBe(new Pfn(Frame));
        pte.IsAccessed.ShouldBeTrue();
        pte.IsDirty.ShouldBeFalse("the first store sets it (§14.2)");
        pte.IsResident.ShouldBeTrue();
    }

    // Dirty 40h and Dirty1, the hardware's write bit, 2h; Accessed 20h
    [Fact]
    public void TheFirstStoreSetsBothDirtyBits()
    {
        var pte = Pte.ForValid(new Pfn(Frame), ProtectionCode.ReadWrite).WithoutAccessed;
        pte.Value.ShouldBe(0x8000_0000_1234_5805);
        pte.WithDirty.Value.ShouldBe(0x8000_0000_1234_5867);
        pte.WithAccessed.Value.ShouldBe(0x8000_0000_1234_5825);
    }

    [Theory]
    [InlineData(0x8000_0000_1234_5867, 0x01, 0x8000_0000_1234_5065)] // a store is known, and not allowed any more
    [InlineData(0x8000_0000_1234_5065, 0x04, 0x8000_0000_1234_5867)] // allowed again: no second first store
    [InlineData(0x8000_0000_1234_5025, 0x04, 0x8000_0000_1234_5825)]
    [InlineData(0x8000_0000_1234_5867, 0x06, 0x0000_0000_1234_5867)]
    [InlineData(0x0000_0000_1234_5025, 0x01, 0x8000_0000_1234_5025)]
    [InlineData(0x8000_0000_1234_5805, 0x01, 0x8000_0000_1234_5005)] // not accessed stays not accessed
    public void OtherRightsKeepWhatTheProcessorNoted(ulong before, byte protection, ulong after) =>
        new Pte(before).WithRights(new ProtectionCode(protection)).Value.ShouldBe(after);

    // Owner 4, Protection from bit 5, Transition 800h, frame from bit 12; the generation of the hint from bit 48
    [Theory]
    [InlineData(0x12345, 0x04, 0, 0x0000_0000_1234_5884)]
    [InlineData(0x12345, 0x04, 7, 0x0007_0000_1234_5884)]
    [InlineData(0x12345, 0x14, 1, 0x0001_0000_1234_5A84)] // guard
    [InlineData(0x12345, 0x18, 1, 0x0001_0000_1234_5B04)] // no access
    [InlineData(0, 0x01, 0xFFFF, 0xFFFF_0000_0000_0824)]
    [InlineData(0xFFFF_FFFE, 0x1F, 0, 0x0000_0FFF_FFFF_EBE4)]
    public void ATransitionPte(uint frame, byte protection, ushort generation, ulong bits)
    {
        var pte = Pte.ForTransition(new Pfn(frame), new ProtectionCode(protection), new Generation(generation));
        pte.Value.ShouldBe(bits);
        pte.Form.ShouldBe(PteForm.Transition);
        pte.Pfn.ShouldBe(new Pfn(frame));
        pte.Protection.ShouldBe(new ProtectionCode(protection));
        pte.Generation.ShouldBe(new Generation(generation));
        pte.IsResident.ShouldBeTrue();
    }

    // PageFileLow from bit 1, Protection from bit 5, PageFileHigh from bit 32
    [Theory]
    [InlineData(0, 1, 0x04, 0x0000_0001_0000_0080)]
    [InlineData(3, 0x1234, 0x04, 0x0000_1234_0000_0086)]
    [InlineData(15, 0xFFFF_FFFF, 0x1F, 0xFFFF_FFFF_0000_03FE)]
    [InlineData(1, 0x8000_0000, 0x18, 0x8000_0000_0000_0302)] // no access, but its contents are kept
    public void APagingFilePte(uint file, uint page, byte protection, ulong bits)
    {
        var pte = Pte.ForPagingFile(new PagingFileSlot(file, page), new ProtectionCode(protection));
        pte.Value.ShouldBe(bits);
        pte.Form.ShouldBe(PteForm.PagingFile);
        pte.Slot.ShouldBe(new PagingFileSlot(file, page));
        pte.Protection.ShouldBe(new ProtectionCode(protection));
        pte.IsResident.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0x01, 0x020, PteForm.DemandZero)]
    [InlineData(0x04, 0x080, PteForm.DemandZero)]
    [InlineData(0x14, 0x280, PteForm.DemandZero)] // a guard page never touched
    [InlineData(0x1C, 0x380, PteForm.DemandZero)] // write-combine
    [InlineData(0x18, 0x300, PteForm.NoAccess)]
    [InlineData(0x10, 0x200, PteForm.Decommitted)]
    public void ASoftwarePteWithoutAPage(byte protection, ulong bits, PteForm form)
    {
        var pte = Pte.ForDemandZero(new ProtectionCode(protection));
        pte.Value.ShouldBe(bits);
        pte.Form.ShouldBe(form);
        pte.IsResident.ShouldBeFalse();
    }

    // Every bit that could lead astray is set: the first test that holds decides.
    [Theory]
    [InlineData(0xFFFF_FFFF_FFFF_FFFF, PteForm.Valid)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFE, PteForm.Prototype)]
    [InlineData(0x0000_0000_0000_0400, PteForm.Prototype)]
    [InlineData(0xFFFF_FFFF_FFFF_FBFE, PteForm.Transition)]
    [InlineData(0x0000_0000_0000_0800, PteForm.Transition)]
    [InlineData(0xFFFF_FFFF_FFFF_F3FE, PteForm.PagingFile)]
    [InlineData(0x0000_0001_0000_0300, PteForm.PagingFile)]
    [InlineData(0x0000_0001_0000_0200, PteForm.PagingFile)]
    [InlineData(0x0000_0000_0000_0300, PteForm.NoAccess)]
    [InlineData(0x0000_0000_0000_0200, PteForm.Decommitted)]
    [InlineData(0x0000_0000_0000_0020, PteForm.DemandZero)]
    [InlineData(0x0000_0000_0000_0000, PteForm.Zero)]
    public void TheFormIsDecidedInOrder(ulong bits, PteForm form) => new Pte(bits).Form.ShouldBe(form);

    [Theory]
    [InlineData(0x0007_0000_1234_5884, 0x18, 0x0007_0000_1234_5B04)]
    [InlineData(0x0000_1234_0000_0086, 0x11, 0x0000_1234_0000_0226)]
    [InlineData(0x0000_0000_0000_0280, 0x04, 0x0000_0000_0000_0080)]
    public void AnotherProtectionChangesNothingElse(ulong before, byte protection, ulong after) =>
        new Pte(before).WithProtection(new ProtectionCode(protection)).Value.ShouldBe(after);
}

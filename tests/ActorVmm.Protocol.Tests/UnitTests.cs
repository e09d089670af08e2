namespace ActorVmm.Protocol.Tests;

public sealed class UnitTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4095, 1)]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    [InlineData(0x1_0000, 16)]
    [InlineData(ulong.MaxValue, 0x10_0000_0000_0000)]
    public void BytesRoundUpToPages(ulong bytes, ulong pages) => PageSize.PagesOf(bytes).ShouldBe(pages);

    [Fact]
    public void SizesAreThoseOfX64()
    {
        PageSize.Bytes.ShouldBe(4096);
        (1 << PageSize.Shift).ShouldBe(PageSize.Bytes);
        PageSize.GranularityBytes.ShouldBe(0x1_0000);
        PageSize.GranularityPages.ShouldBe(16);
        VirtualAddress.LowestUser.Value.ShouldBe(0x1_0000UL);
        VirtualAddress.HighestUser.Value.ShouldBe(0x7FFF_FFFE_FFFFUL);
        VirtualAddress.SystemStart.Value.ShouldBe(0xFFFF_8000_0000_0000);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0x0000_7FFF_FFFF_FFFF, true)]
    [InlineData(0x0000_8000_0000_0000, false)]
    [InlineData(0x0001_0000_0000_0000, false)]
    [InlineData(0xFFFF_7FFF_FFFF_FFFF, false)]
    [InlineData(0xFFFF_8000_0000_0000, true)]
    [InlineData(ulong.MaxValue, true)]
    public void BitsAbove47CopyBit47(ulong address, bool canonical) => new VirtualAddress(address).IsCanonical.ShouldBe(canonical);

    [Theory]
    [InlineData(0x1234_5678, 0x1_2345)]
    [InlineData(0xFFFF_F680_0000_0000, 0xF_FFFF_6800_0000)]
    public void APageIsAnAddressWithoutItsOffset(ulong address, ulong page)
    {
        new VirtualAddress(address).Page.ShouldBe(new Vpn(page));
        new Vpn(page).Start.Value.ShouldBe(address & ~0xFFFUL);
    }

    [Fact]
    public void TheyPrintAsPeopleReadThem()
    {
        new Pfn(0x2A).ToString().ShouldBe("2a");
        Pfn.None.ToString().ShouldBe("none");
        new Vpn(0x7FF1).ToString().ShouldBe("7ff1");
        new VirtualAddress(0x10000).ToString().ShouldBe("0x10000");
        new PagingFileSlot(3, 0x1F).ToString().ShouldBe("3:1f");
        PagingFileSlot.None.ToString().ShouldBe("none");
        ContentStamp.Zeros.ToString().ShouldBe("zeros");
        new ContentStamp(0xABC).ToString().ShouldBe("abc");
    }

    [Fact]
    public void GenerationsGoRound() => new Generation(ushort.MaxValue).Next.ShouldBe(new Generation(0));

    [Fact]
    public void SlotsFollowEachOtherInOneFile() => new PagingFileSlot(2, 5).Plus(3).ShouldBe(new PagingFileSlot(2, 8));
}

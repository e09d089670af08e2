using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;
using ActorVmm.Workloads.Images;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>Executables that we build are read as what they are, and damaged ones are refused or still make sense.</summary>
public sealed class ImageHeadersTests
{
    private static readonly ImageFile _plain = new(null, 0x1000, 0x200, null);

    [Theory]
    [InlineData(true, 0x7FF6_0000_0000UL)]
    [InlineData(false, 0x6000_0000UL)]
    public void AnImageWithoutDescriptionHasHeadersCodeAndData(bool is64Bit, ulong expectedBase)
    {
        ImageHeaders headers = Read(ImageBuilder.Build(_plain, is64Bit));
        headers.Is64Bit.ShouldBe(is64Bit);
        headers.Base.ShouldBe(expectedBase);
        headers.SizeOfImage.ShouldBe(0x3000u);
        headers.EntryPoint.ShouldBe(0x1000u);
        headers.StackReserve.ShouldBe(0x10_0000UL);
        headers.StackCommit.ShouldBe(0x1000UL);
        headers.Subsystem.ShouldBe((ushort)3);
        headers.Subsections.Select(subsection => (subsection.FirstPage, subsection.Pages, subsection.Protection.ToPageProtection(), subsection.FileBytes)).ShouldBe(
        [
            (0, 1, PageProtection.ReadOnly, 0x200),
            (1, 1, PageProtection.ExecuteRead, 0x1000),
            (2, 1, PageProtection.WriteCopy, 0x1000),
        ]);
    }

    [Theory]
    [InlineData(ImageRights.None, PageProtection.NoAccess)]
    [InlineData(ImageRights.Read, PageProtection.ReadOnly)]
    [InlineData(ImageRights.Write, PageProtection.WriteCopy)]
    [InlineData(ImageRights.Execute, PageProtection.Execute)]
    [InlineData(ImageRights.Read | ImageRights.Write, PageProtection.WriteCopy)]
    [InlineData(ImageRights.Read | ImageRights.Execute, PageProtection.ExecuteRead)]
    [InlineData(ImageRights.Write | ImageRights.Execute, PageProtection.ExecuteWriteCopy)]
    [InlineData(ImageRights.Read | ImageRights.Write | ImageRights.Execute, PageProtection.ExecuteWriteCopy)]
    [InlineData(ImageRights.Read | ImageRights.NoLoad, PageProtection.ReadOnly)]
    public void CharacteristicsDecideTheProtection(ImageRights rights, PageProtection expected)
    {
        ImageFile image = _plain with { Sections = [new ImageSection(0x1000, 0xA, 0xA, rights)] };
        Read(ImageBuilder.Build(image, is64Bit: true)).Subsections[1].Protection.ToPageProtection().ShouldBe(expected);
    }

    [Fact]
    public void RawDataEndWhereTheyEndAndTheRestIsZero()
    {
        ImageFile image = _plain with
        {
            SectionAlignment = 0x2000,
            Sections =
            [
                new ImageSection(0x2000, 0x394, 0x400, ImageRights.Read),
                new ImageSection(0x4000, 0x2000, 0x1000, ImageRights.Read | ImageRights.Write),
                new ImageSection(0x6000, 0x100, 0x400, ImageRights.Read) { RawPointer = 0 },
            ],
        };
        ImageHeaders headers = Read(ImageBuilder.Build(image, is64Bit: false));
        headers.Subsections[0].Pages.ShouldBe(2u);
        headers.Subsections[1].BytesOf(2).ShouldBe(0x400);
        headers.Subsections[1].BytesOf(3).ShouldBe(0);
        headers.Subsections[2].BytesOf(4).ShouldBe(0x1000);
        headers.Subsections[2].OffsetOf(5).ShouldBe(headers.Subsections[2].FileOffset + 0x1000UL);
        headers.Subsections[2].BytesOf(5).ShouldBe(0);
        headers.Subsections[3].FileBytes.ShouldBe(0u);
        headers.Find(6)!.Value.FirstPage.ShouldBe(6u);
        headers.Find(8).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("ZM")]
    [InlineData("TESTDATA")]
    public void WhatIsNotMarkedAsExecutableIsToldApart(string text)
    {
        byte[] file = System.Text.Encoding.ASCII.GetBytes(text);
        ImageHeaders.Read(file, (ulong)file.Length, runs64Bit: true, out ImageHeaders? headers).ShouldBe(NtStatus.InvalidImageNotMz);
        headers.ShouldBeNull();
    }

    [Fact]
    public void A32BitMachineRunsNo64BitImages()
    {
        byte[] file = ImageBuilder.Build(_plain, is64Bit: true);
        ImageHeaders.Read(file, (ulong)file.Length, runs64Bit: false, out _).ShouldBe(NtStatus.InvalidImageFormat);
    }

    [Theory]
    [InlineData(0x1000UL, 0x1000UL, "gap in front")]
    [InlineData(0x3000UL, 0x1000UL, "gap")]
    [InlineData(0x2000UL, 0UL, "empty")]
    public void SectionsMustAdjoin(ulong rva, ulong bytes, string what)
    {
        ImageFile image = _plain with
        {
            Sections = [new ImageSection(0x1000, 0x1000, 0x200, ImageRights.Read), new ImageSection(rva, bytes, 0, ImageRights.Read)],
        };
        byte[] file = ImageBuilder.Build(image, is64Bit: true);
        ImageHeaders.Read(file, (ulong)file.Length, runs64Bit: true, out _).ShouldBe(NtStatus.InvalidImageFormat, what);
    }

    [Fact]
    public void AFileThatWasCutOffIsRefused()
    {
        byte[] file = ImageBuilder.Build(_plain, is64Bit: true);
        for (int length = 2; length <= file.Length; length += 16)
        {
            NtStatus status = ImageHeaders.Read(file.AsSpan(0, Math.Min(length, ImageHeaders.MostBytes)), (ulong)length, runs64Bit: true, out _);
            status.ShouldBe(length > file.Length - 512 ? NtStatus.Success : NtStatus.InvalidImageFormat, $"cut off after {length} bytes");
        }
    }

    /// <summary>Whatever a byte of the headers says, they are refused, or what they describe lies within memory and file.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HeadersWithAChangedByteAreRefusedOrMakeSense(bool is64Bit)
    {
        byte[] file = ImageBuilder.Build(_plain, is64Bit);
        int refused = 0;
        int accepted = 0;
        for (int at = 0; at < 0x200; at++)
        {
            byte original = file[at];
            for (int value = 0; value < 256; value++)
            {
                file[at] = (byte)value;
                if (ImageHeaders.Read(file, (ulong)file.Length, runs64Bit: true, out ImageHeaders? headers) == NtStatus.Success)
                {
                    accepted++;
                    CheckSense(headers!, file.Length);
                }
                else
                {
                    refused++;
                    headers.ShouldBeNull();
                }
            }

            file[at] = original;
        }

        refused.ShouldBeGreaterThan(1000);
        accepted.ShouldBeGreaterThan(1000);
    }

    private static void CheckSense(ImageHeaders headers, int fileBytes)
    {
        uint next = 0;
        foreach (ImageSubsection subsection in headers.Subsections)
        {
            subsection.FirstPage.ShouldBe(next);
            subsection.Pages.ShouldBeGreaterThan(0u);
            subsection.FileBytes.ShouldBeLessThanOrEqualTo(subsection.Pages << PageSize.Shift);
            (subsection.FileBytes == 0 || subsection.FileOffset + (ulong)subsection.FileBytes <= (ulong)fileBytes).ShouldBeTrue();
            next = subsection.EndPage;
        }

        (headers.Base % PageSize.GranularityBytes).ShouldBe(0UL);
        headers.Pages.ShouldBeGreaterThan(0u);
    }

    private static ImageHeaders Read(byte[] file)
    {
        ImageHeaders.Read(file.AsSpan(0, Math.Min(file.Length, ImageHeaders.MostBytes)), (ulong)file.Length, runs64Bit: true, out ImageHeaders? headers).ShouldBe(NtStatus.Success);
        return headers!;
    }
}

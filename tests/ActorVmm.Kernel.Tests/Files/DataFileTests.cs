using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Files;

/// <summary>Bytes, lengths, and the disk of a file that nobody maps.</summary>
public sealed class DataFileTests
{
    [Fact]
    public void AFileHoldsItsBytesAndZerosUpToItsLength()
    {
        var story = new DataFileStory("TESTDATA", length: 0x2000);
        story.Load(0, 4).Value.ShouldBe(0x5453_4554UL);
        story.Load(6, 8).Value.ShouldBe(0x4154UL);
        story.Load(0x1FFF, 8).ShouldSatisfyAllConditions(answer => answer.Status.ShouldBe(NtStatus.Success), answer => answer.Value.ShouldBe(0UL));
        story.Load(0x2000, 1).Status.ShouldBe(NtStatus.EndOfFile);
    }

    [Fact]
    public void AFileThatGrowsAgainShowsNothingOfWhatItWas()
    {
        var story = new DataFileStory("TESTDATA");
        int open = story.Open();
        story.Resize(open, 6).ShouldBe(NtStatus.Success);
        story.File.Length.ShouldBe(6UL);
        story.Load(5, 8).Value.ShouldBe(0x41UL);
        story.Resize(open, 0x1_0000).ShouldBe(NtStatus.Success);
        story.Load(4, 8).Value.ShouldBe(0x4144UL);
    }

    [Theory]
    [InlineData(0UL, 0x1000UL, 0x4847_4645_4443_4241UL, 0x4AUL)]
    [InlineData(4UL, 0x1000UL, 0x4A49_4847_4645UL, 0UL)]
    [InlineData(0UL, 3UL, 0x43_4241UL, 0UL)]
    [InlineData(0x1000UL, 0x1000UL, 0UL, 0UL)]
    public void PagesAreReadFromAnyOffsetAndZeroBehindTheEnd(ulong offset, ulong bytes, ulong first, ulong ninth)
    {
        var story = new DataFileStory("ABCDEFGHIJ");
        story.ReadPages(offset, bytes, 1).ShouldBe(new FilePagesRead(7, NtStatus.Success));
        story.Contents.Bytes.Read(0, 0, 8).ShouldBe(first);
        (story.Contents.Bytes.Read(0, 9, 1) & 0xFF).ShouldBe(ninth);
        (story.Contents[new Pfn(0)] == ContentStamp.Zeros).ShouldBe(first == 0);
    }

    [Fact]
    public void TheSamePartOfTheFileIsCalledTheSameUntilItIsWritten()
    {
        var story = new DataFileStory("ABCDEFGH", length: 0x3000);
        story.ReadPages(4, 0x1000, 1);
        ContentStamp before = story.Contents[new Pfn(0)];
        story.ReadPages(4, 0x1000, 1);
        story.Contents[new Pfn(0)].ShouldBe(before);
        story.WritePage(0, 0x1111);
        story.ReadPages(4, 0x1000, 1);
        story.Contents[new Pfn(0)].ShouldNotBe(before);
    }

    [Fact]
    public void WhatIsBehindTheEndIsNotWrittenBack()
    {
        var story = new DataFileStory("ABCDEFGH");
        story.WritePage(0, 0x3837_3635_3433_3231).Status.ShouldBe(NtStatus.Success);
        story.WritePage(0x1000, 0x99).Status.ShouldBe(NtStatus.Success);
        story.Load(0, 8).Value.ShouldBe(0x3837_3635_3433_3231UL);
        int open = story.Open();
        story.Resize(open, 0x3000).ShouldBe(NtStatus.Success);
        story.Load(4095, 1).Value.ShouldBe(0UL);
        story.Load(0x1000, 1).Value.ShouldBe(0UL);
    }

    [Fact]
    public void TransfersGoOnWhereTheLastOneEnded()
    {
        var story = new DataFileStory();
        int open = story.Open();
        MdlId row = story.Row("hello, ");
        story.Transfer(open, row, 7, write: true).Value.ShouldBe(7UL);
        story.Transfer(open, story.Row("world"), 5, write: true).Value.ShouldBe(5UL);
        story.File.Length.ShouldBe(12UL);
        int other = story.Open();
        row = story.Row("", pages: 2);
        story.Transfer(other, row, 0x2000, write: false).Value.ShouldBe(12UL);
        story.TextOf(row, 12).ShouldBe("hello, world");
        FileReturned end = story.Transfer(other, row, 10, write: false);
        (end.Status, end.Value).ShouldBe((NtStatus.EndOfFile, 0UL));
    }

    [Theory]
    [InlineData(FileRights.Read, true)]
    [InlineData(FileRights.Write, false)]
    [InlineData(FileRights.None, false)]
    public void AHandleWithoutTheRightIsRefused(FileRights rights, bool write)
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open(rights);
        story.Transfer(open, story.Row("x"), 1, write).Status.ShouldBe(NtStatus.AccessDenied);
        int kernel = story.Open(rights | FileRights.Kernel);
        story.Transfer(kernel, story.Row("x"), 1, write).Status.ShouldBe(NtStatus.Success);
    }

    [Theory]
    [InlineData(ulong.MaxValue, NtStatus.InvalidParameter)]
    [InlineData(1UL << 50, NtStatus.DiskFull)]
    [InlineData(4UL, NtStatus.Success)]
    public void ALengthMustBeOne(ulong length, NtStatus expected)
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open();
        story.Resize(open, length).ShouldBe(expected);
        story.File.Length.ShouldBe(4UL);
    }

    [Fact]
    public void AFileGoesWhenItIsToBeDeletedAndNobodyHasItOpen()
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open();
        int second = story.Open();
        story.Ask(new SetDisposition(open, 1, 1)).Status.ShouldBe(NtStatus.Success);
        story.Ask(new OpenFile(1, FileRights.Read, FileOpening.Plain, 0)).Status.ShouldBe(NtStatus.DeletePending);
        story.Ask(new CloseFile(open, 1)).Status.ShouldBe(NtStatus.Success);
        story.File.Exists.ShouldBeTrue();
        story.Ask(new CloseFile(second, 1)).Status.ShouldBe(NtStatus.Success);
        story.File.Exists.ShouldBeFalse();
        story.Ask(new OpenFile(1, FileRights.Read, FileOpening.Plain, 0)).Status.ShouldBe(NtStatus.ObjectNameNotFound);
    }

    [Fact]
    public void ADispositionCanBeTakenBack()
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open();
        story.Ask(new SetDisposition(open, 1, 1)).Status.ShouldBe(NtStatus.Success);
        story.Ask(new SetDisposition(open, 1, 0)).Status.ShouldBe(NtStatus.Success);
        story.Ask(new CloseFile(open, 1)).Status.ShouldBe(NtStatus.Success);
        story.File.Exists.ShouldBeTrue();
    }

    [Fact]
    public void WhoOpenedItToBeDeletedDeletesItByClosing()
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open(opening: FileOpening.DeleteOnClose);
        int other = story.Open();
        story.Ask(new CloseFile(open, 1));
        story.File.Exists.ShouldBeTrue();
        story.Ask(new CloseFile(other, 1));
        story.File.Exists.ShouldBeFalse();
    }

    [Fact]
    public void AnOverwrittenFileIsEmpty()
    {
        var story = new DataFileStory("ABCD");
        _ = story.Open(opening: FileOpening.Overwrite);
        story.File.Length.ShouldBe(0UL);
    }

    [Fact]
    public void ADiskThatFailsSaysSoAndMovesNothing()
    {
        var story = new DataFileStory("ABCD");
        int open = story.Open();
        story.Bench.Hear(BenchCast.Operator, new Disturb(Ticks.Zero, InjectionCode.ReadError, 1000));
        story.Bench.Hear(BenchCast.Operator, new Disturb(Ticks.Zero, InjectionCode.WriteError, 1000));
        story.ReadPages(0, 0x1000, 1).Status.ShouldBe(NtStatus.DeviceDataError);
        story.Contents[new Pfn(0)].ShouldBe(ContentStamp.Zeros);
        story.Transfer(open, story.Row("wxyz"), 4, write: true).ShouldSatisfyAllConditions(
            answer => answer.Status.ShouldBe(NtStatus.DeviceDataError),
            answer => answer.Value.ShouldBe(0UL));
        story.Bench.Hear(BenchCast.Operator, new Disturb(Ticks.Zero, InjectionCode.ReadError, 0));
        story.Load(0, 4).Value.ShouldBe(0x4443_4241UL);
    }

    [Fact]
    public void ARestoredFileGoesOnAsTheOriginalWould()
    {
        var story = new DataFileStory("ABCDEFGH", length: 0x5000);
        int open = story.Open();
        story.Transfer(open, story.Row("xyz"), 3, write: true);
        story.Bench.Hear(DataFileStory.Asker, new LoadFile(0, 8, 77));
        story.Bench.Hear(DataFileStory.Asker, new SetEndOfFile(0x4001, open, 78));
        ActorBench twin = story.Bench.Twin(story.Make());
        story.Bench.Alike(twin, bench => bench.FireTimer()).Sent<FileReturned>().Count.ShouldBe(2);
    }
}

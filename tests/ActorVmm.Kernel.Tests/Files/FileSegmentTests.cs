using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Files;

/// <summary>The file and its segments: who is asked what, and what becomes of it.</summary>
public sealed class FileSegmentTests
{
    [Fact]
    public void TheFirstSectionMakesTheSegmentAndTheNextOneUsesIt()
    {
        var story = new DataFileStory("TESTDATA");
        BenchTurn first = story.Section();
        first.Sent<FormFile>().ShouldHaveSingleItem().Pages.ShouldBe(0UL);
        first.Sent<AskControlArea>().ShouldHaveSingleItem().Size.ShouldBe(8UL);
        first.Sent<FormSection>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            form => form.Size.ShouldBe(8UL),
            form => form.Form.ShouldBe(1u),
            form => form.Asker.ShouldBe(DataFileStory.Asker));
        BenchTurn second = story.Section(4);
        second.Sent<FormFile>().ShouldBeEmpty();
        second.Sent<FormSection>().ShouldHaveSingleItem().Form.ShouldBe(2u);
        story.Segments.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", 0UL, PageProtection.ReadWrite, FileRights.Kernel, NtStatus.MappedFileSizeZero)]
    [InlineData("ABCD", 5UL, PageProtection.ReadOnly, FileRights.Kernel, NtStatus.SectionTooBig)]
    [InlineData("ABCD", 5UL, PageProtection.WriteCopy, FileRights.Kernel, NtStatus.SectionTooBig)]
    [InlineData("ABCD", 1UL << 60, PageProtection.ReadWrite, FileRights.Kernel, NtStatus.SectionTooBig)]
    [InlineData("ABCD", 4UL, PageProtection.ReadOnly, FileRights.Write, NtStatus.AccessDenied)]
    [InlineData("ABCD", 4UL, PageProtection.WriteCopy, FileRights.Write, NtStatus.AccessDenied)]
    [InlineData("ABCD", 4UL, PageProtection.ReadWrite, FileRights.Read, NtStatus.AccessDenied)]
    [InlineData("ABCD", 4UL, PageProtection.ReadWrite, FileRights.Write, NtStatus.AccessDenied)]
    [InlineData("ABCD", 4UL, PageProtection.ExecuteRead, FileRights.Read, NtStatus.AccessDenied)]
    [InlineData("ABCD", 4UL, PageProtection.ExecuteReadWrite, FileRights.Read | FileRights.Execute, NtStatus.AccessDenied)]
    public void WhatDoesNotFitTheFileIsRefused(string text, ulong size, PageProtection protection, FileRights rights, NtStatus expected)
    {
        var story = new DataFileStory(text);
        BenchTurn turn = story.Section(size, protection, rights: rights);
        turn.Sent<SectionCreated>().ShouldHaveSingleItem().Status.ShouldBe(expected);
        story.Segments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PageProtection.ReadOnly, FileRights.Read)]
    [InlineData(PageProtection.WriteCopy, FileRights.Read)]
    [InlineData(PageProtection.Execute, FileRights.Execute)]
    [InlineData(PageProtection.ExecuteRead, FileRights.Read | FileRights.Execute)]
    [InlineData(PageProtection.ExecuteWriteCopy, FileRights.Read | FileRights.Execute)]
    [InlineData(PageProtection.ReadWrite, FileRights.Read | FileRights.Write)]
    public void TheRightsThatAProtectionNeedsAreEnough(PageProtection protection, FileRights rights) =>
        new DataFileStory("ABCD").Section(4, protection, rights: rights).Sent<FormSection>().Count.ShouldBe(1);

    [Fact]
    public void AWritableSectionMakesTheFileLonger()
    {
        var story = new DataFileStory("ABCD");
        story.Section(0x1800).Sent<FormSection>().ShouldHaveSingleItem().Size.ShouldBe(0x1800UL);
        story.File.Length.ShouldBe(0x1800UL);
    }

    [Theory]
    [InlineData("", NtStatus.InvalidFileForSection)]
    [InlineData("TESTDATA", NtStatus.InvalidImageNotMz)]
    [InlineData("MZ", NtStatus.InvalidImageFormat)]
    public void WhatIsNoImageIsRefused(string text, NtStatus expected) =>
        new DataFileStory(text).Section(0, PageProtection.ReadOnly, SectionAttributes.Image).Sent<SectionCreated>().ShouldHaveSingleItem().Status.ShouldBe(expected);

    [Theory]
    [InlineData(NtStatus.UserMappedFile, NtStatus.UserMappedFile, 8UL)]
    [InlineData(NtStatus.Success, NtStatus.Success, 4UL)]
    public void TheDataSegmentDecidesWhetherTheFileMayBeShorter(NtStatus answer, NtStatus expected, ulong length)
    {
        var story = new DataFileStory("TESTDATA");
        int open = story.Open();
        story.Section();
        story.Bench.Hear(DataFileStory.Asker, new SetEndOfFile(4, open, 5)).Sent<AskControlArea>().ShouldHaveSingleItem().Purpose.ShouldBe(ControlAreaPurpose.Resize);
        BenchTurn turn = Answer(story, answer);
        turn.Sent<FileReturned>().ShouldHaveSingleItem().Status.ShouldBe(expected);
        story.File.Length.ShouldBe(length);
    }

    [Fact]
    public void NothingElseHappensWhileASegmentIsAsked()
    {
        var story = new DataFileStory("TESTDATA");
        int open = story.Open();
        story.Section();
        story.Bench.Hear(DataFileStory.Asker, new SetEndOfFile(4, open, 5));
        story.Section(8).Sent<FormSection>().ShouldBeEmpty();
        Answer(story, NtStatus.Success).Sent<FormSection>().Count.ShouldBe(1);
        story.File.Length.ShouldBe(8UL, "the section made it longer again");
    }

    [Theory]
    [InlineData(FileOpening.Overwrite, NtStatus.UserMappedFile)]
    [InlineData(FileOpening.DeleteOnClose, NtStatus.CannotDelete)]
    public void ASegmentInUseRefusesWhatWouldTakeTheFileAway(FileOpening opening, NtStatus refusal)
    {
        var story = new DataFileStory("TESTDATA");
        if (opening == FileOpening.Overwrite)
        {
            story.Section();
            story.Bench.Hear(DataFileStory.Asker, new OpenFile(3, FileRights.Write, opening, 0)).Sent<FileReturned>().ShouldBeEmpty();
            Answer(story, refusal).Sent<FileReturned>().ShouldHaveSingleItem().Status.ShouldBe(refusal);
            story.File.Length.ShouldBe(8UL);
        }
        else
        {
            story.Section();
            story.Bench.Hear(DataFileStory.Asker, new OpenFile(3, FileRights.Write, opening, 0)).Sent<FileReturned>().ShouldHaveSingleItem().Status
                .ShouldBe(NtStatus.Success, "only an image minds");
        }
    }

    [Fact]
    public void ASegmentThatNobodyUsesIsForgotten()
    {
        var story = new DataFileStory("TESTDATA");
        ActorId segment = SegmentOf(story.Section());
        story.Bench.Hear(segment, new ControlAreaIdle(1)).Sent<EndControlArea>().Count.ShouldBe(1);
        SegmentOf(story.Section()).ShouldNotBe(segment);
        story.Segments.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void ASegmentStaysWhenASectionIsOnItsWayToIt()
    {
        var story = new DataFileStory("TESTDATA");
        ActorId segment = SegmentOf(story.Section());
        SegmentOf(story.Section()).ShouldBe(segment);
        story.Bench.Hear(segment, new ControlAreaIdle(1)).Sent<EndControlArea>().ShouldBeEmpty();
        story.Bench.Hear(segment, new ControlAreaIdle(2)).Sent<EndControlArea>().Count.ShouldBe(1);
    }

    [Fact]
    public void OrdinaryInputGoesThroughTheDataSegmentWordByWord()
    {
        var story = new DataFileStory("TESTDATA", length: 0x2000);
        int open = story.Open();
        ActorId segment = SegmentOf(story.Section());
        MdlId row = story.Row("", pages: 1);
        BenchTurn turn = story.Bench.Hear(DataFileStory.Asker, new TransferFile(20, row, open, 4, 0));
        var widths = new List<byte>();
        while (turn.Sent<SharedAccess>() is [var access])
        {
            widths.Add(access.Width);
            access.Access.ShouldBe(AccessKind.Read);
            turn = story.Bench.Hear(segment, new SharedAccessed(0x4847_4645_4443_4241 + (ulong)access.Offset, access.Request, 1));
        }

        widths.ShouldBe([8, 8, 4]);
        turn.Sent<FileReturned>().ShouldHaveSingleItem().Value.ShouldBe(20UL);
        story.TextOf(row, 20).ShouldBe("ABCDEFGHIBCDEFGHQBCD");
    }

    [Fact]
    public void ASegmentThatSaysItIsIdleMeanwhileGoesWhenTheRequestIsOver()
    {
        var story = new DataFileStory("TESTDATA");
        ActorId segment = SegmentOf(story.Section());
        story.Bench.Hear(DataFileStory.Asker, new LoadFile(0, 8, 4)).Sent<SharedAccess>().Count.ShouldBe(1);
        story.Bench.Hear(segment, new ControlAreaIdle(1)).Sent<EndControlArea>().ShouldBeEmpty();
        BenchTurn turn = story.Bench.Hear(segment, new SharedAccessed(0x1122, 1, 1));
        turn.Sent<FileReturned>().ShouldHaveSingleItem().Value.ShouldBe(0x1122UL);
        turn.Sent<EndControlArea>().Count.ShouldBe(1);
    }

    private static ActorId SegmentOf(BenchTurn turn) => turn.AskedBy<FormSection>().ShouldHaveSingleItem();

    private static BenchTurn Answer(DataFileStory story, NtStatus status) => story.Bench.Hear(new ActorId(10_000), new ControlAreaAnswered(1, status));
}

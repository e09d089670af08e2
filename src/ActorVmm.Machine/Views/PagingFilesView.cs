using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.PagingFiles;

namespace ActorVmm.Machine.Views;

/// <summary>The paging files, and the devices they lie on.</summary>
internal static class PagingFilesView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        (PagingFile File, PagingFileView View)[] files = [.. sight.Machine.PagingFiles.Select(file => (file, file.Inspect()))];
        return new Sheet().Table(
            "pagingFiles",
            [
                ("file", "file"), ("pages", "Pages"), ("used", "Used"), ("free", "Free"), ("peakUsed", "Peak"), ("maximum", "Maximum"), ("pageReads", "Page reads"),
                ("pagesInput", "Pages input"), ("pageWrites", "Page writes"), ("pagesOutput", "Pages output"),
            ],
            files.Select(pair => new[]
            {
                Cell.Count(pair.View.File), Cell.Count(pair.View.Pages), Cell.Count(pair.View.Used), Cell.Count(pair.View.Free), Cell.Count(pair.View.PeakUsed),
                Cell.Count(pair.View.Maximum), Cell.Count(pair.File.PageReads), Cell.Count(pair.File.PagesInput), Cell.Count(pair.File.PageWrites), Cell.Count(pair.File.PagesOutput),
            }));
    }

    /// <summary>The devices of paging files: what is in their queues, and what is wrong with them.</summary>
    public static Sheet DrawDevices(Sight sight, Sheet sheet)
    {
        PagingFileView[] files = [.. sight.Machine.PagingFiles.Select(file => file.Inspect())];
        sheet.Table(
            "devices",
            [
                ("device", "device"), ("underWay", "under way"), ("queueDepth", "at most"), ("waiting", "waiting"), ("slowness", "slower by"),
                ("readFailures", "reads failing in 1000"), ("writeFailures", "writes failing in 1000"),
                ("offline", "offline"), ("cannotExtend", "cannot be extended"),
            ],
            files.Select(file => new[]
            {
                Cell.Word(FormattableString.Invariant($"PagingFile{file.File}")), Cell.Count(file.UnderWay), Cell.Count(file.QueueDepth), Cell.Count(file.Waiting),
                Cell.Count(file.Slowness), Cell.Count(file.ReadFailures), Cell.Count(file.WriteFailures), Cell.Flag(file.Offline), Cell.Flag(file.CannotExtend),
            }));
        sheet.Line("");
        return sheet.Table(
            "transfers",
            [("operation", "IRP"), ("slot", "slot"), ("pages", "pages"), ("state", "state"), ("asker", "for"), ("mdl", "MDL"), ("frames", "frames")],
            files.SelectMany(file => file.Transfers).Select(transfer => new[]
            {
                Cell.Word(transfer.IsWrite ? "write" : "read"), Cell.Slot(transfer.Slot), Cell.Count(transfer.Count), Cell.Word(transfer.UnderWay ? "under way" : "waiting"),
                Cell.Word(sight.Names.NameOf(transfer.Asker)), Cell.Count(transfer.Mdl.Value), Cell.Word(string.Join(' ', transfer.Frames)),
            }));
    }
}

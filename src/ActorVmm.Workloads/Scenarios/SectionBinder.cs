using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Reads `sections:`: memory that processes map by its name, backed by paging files, by the data of a file, or by an image (fact book §13).
/// </summary>
/// <param name="files">What a section can be on.</param>
internal sealed class SectionBinder(IReadOnlyList<BoundFile> files)
{
    private const ulong MostPages = Operation.MaxArgument >> PageSize.Shift;

    private static readonly SortedDictionary<string, PageProtection> _protections = new(StringComparer.Ordinal)
    {
        ["readonly"] = PageProtection.ReadOnly,
        ["readwrite"] = PageProtection.ReadWrite,
        ["execute-read"] = PageProtection.ExecuteRead,
        ["execute-readwrite"] = PageProtection.ExecuteReadWrite,
    };

    public IReadOnlyList<SectionPlan> Bind(ScenarioNode? node)
    {
        if (node is null)
        {
            return [];
        }

        if (node is not MappingNode { Entries.Count: > 0 } sections)
        {
            throw node.Error("`sections` is a list of sections by name");
        }

        return (uint)sections.Entries.Count <= ViewOperation.MostSections
            ? [.. sections.Entries.Select(entry => Section(entry.Key.Text, entry.Value))]
            : throw node.Error("more than 65,535 sections");
    }

    private SectionPlan Section(string name, ScenarioNode node)
    {
        var fields = new Fields(node, "a section", ScenarioKeys.Section);
        PageProtection protection = fields.Name("protect", _protections, PageProtection.ExecuteReadWrite);
        SectionPlan plan = fields.Has("file") ? OnFile(name, fields, protection) : OnPagingFiles(name, fields);
        SectionClosing closing = fields.Find("closes") is null ? SectionClosing.Never
            : fields.Text("closes") is "end" ? SectionClosing.AtEnd
            : SectionClosing.AtTime;
        return plan with
        {
            Protection = plan.IsImage ? PageProtection.Execute : protection,
            Closing = closing,
            ClosesAt = closing == SectionClosing.AtTime ? fields.Time("closes", Ticks.Zero) : Ticks.Zero,
        };
    }

    private static SectionPlan OnPagingFiles(string name, Fields fields)
    {
        Without(fields, "image", "an image is in a file: `file` names it");
        bool reserves = fields.Truth("reserve", false);
        return new SectionPlan(name, Fields.Pages(fields.Required("size"), "size", 1, MostPages))
        {
            Attributes = reserves ? SectionAttributes.Reserve : SectionAttributes.Commit,
        };
    }

    private SectionPlan OnFile(string name, Fields fields, PageProtection protection)
    {
        Without(fields, "reserve", "a section on a file takes its pages from the file: `reserve` is for memory backed by paging files");
        ScenarioNode named = fields.Required("file");
        string text = Fields.Scalar(named);
        int place = files.ToList().FindIndex(file => string.Equals(file.Plan.Name, text, StringComparison.Ordinal));
        BoundFile file = place >= 0
            ? files[place]
            : throw named.Error($"there is no file {named.Kind} under `files`{Suggestion.For(text, [.. files.Select(file => file.Plan.Name)])}");
        return fields.Truth("image", false) ? OfImage(name, fields, file, place + 1) : OfData(name, fields, protection, file.Plan, place + 1);
    }

    private static SectionPlan OfImage(string name, Fields fields, BoundFile file, int number)
    {
        Without(fields, "size", "an image is as large as its headers say");
        Without(fields, "protect", "each part of an image has a protection of its own");
        return file.ImagePages > 0
            ? new SectionPlan(name, file.ImagePages) { Bytes = 0, Attributes = SectionAttributes.Image, File = number, PreferredBase = file.ImageBase }
            : throw fields.Required("image").Error($"file `{InputException.Clip(file.Plan.Name)}` is no image: STATUS_INVALID_IMAGE_NOT_MZ");
    }

    /// <summary>A section that is longer than its file makes the file longer, if it may be written to.</summary>
    private static SectionPlan OfData(string name, Fields fields, PageProtection protection, FilePlan file, int number)
    {
        if (fields.Find("size") is not { } size)
        {
            return file.Length > 0
                ? new SectionPlan(name, PageSize.PagesOf(file.Length)) { Bytes = 0, File = number }
                : throw fields.Required("file").Error($"file `{InputException.Clip(file.Name)}` is empty, and the section has no `size`: STATUS_MAPPED_FILE_SIZE_ZERO");
        }

        bool writes = (protection & (PageProtection.ReadWrite | PageProtection.ExecuteReadWrite)) != 0;
        ulong bytes = Fields.Bytes(size, "size", 1, FileBinder.MostBytes);
        return writes || bytes <= file.Length
            ? new SectionPlan(name, PageSize.PagesOf(bytes)) { Bytes = bytes, File = number }
            : throw size.Error($"the section may not be written to, so that its file cannot grow to this size: STATUS_SECTION_TOO_BIG");
    }

    private static void Without(Fields fields, string key, string why)
    {
        if (fields.Find(key) is { } node)
        {
            throw node.Error(why);
        }
    }
}

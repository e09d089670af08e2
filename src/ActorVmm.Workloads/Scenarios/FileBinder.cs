using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;
using ActorVmm.Workloads.Images;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>A file of a scenario, and what it is as an image.</summary>
/// <param name="Plan">The file.</param>
/// <param name="ImagePages">What it takes in memory when it is mapped as an image; 0 when it is none.</param>
/// <param name="ImageBase">Where it would like to be then.</param>
internal sealed record BoundFile(FilePlan Plan, ulong ImagePages = 0, ulong ImageBase = 0);

/// <summary>Reads `files:`: data files with a text or of zeros, and small images, each on a disk of its own.</summary>
internal static class FileBinder
{
    /// <summary>The longest file: 1 TiB.</summary>
    public const ulong MostBytes = 1UL << 40;

    private const ulong MostPartPages = 1 << 16;
    private const ulong FileAlignment = 0x200;

    public static IReadOnlyList<BoundFile> Bind(ScenarioNode? node, Platform platform)
    {
        if (node is null)
        {
            return [];
        }

        return node is MappingNode { Entries.Count: > 0 } files
            ? [.. files.Entries.Select(entry => File(entry.Key.Text, entry.Value, platform))]
            : throw node.Error("`files` is a list of files by name");
    }

    private static BoundFile File(string name, ScenarioNode node, Platform platform)
    {
        var fields = new Fields(node, "a file", ScenarioKeys.File);
        BoundFile file = fields.Find("image") is { } image ? Image(name, fields, image, platform) : new BoundFile(Data(name, fields));
        return file with
        {
            Plan = file.Plan with
            {
                Latency = fields.Distribution("latency", file.Plan.Latency),
                TicksPerPage = fields.Time("perPage", new Ticks(file.Plan.TicksPerPage)).Value,
                QueueDepth = (int)fields.Whole("queueDepth", 1, 1024, file.Plan.QueueDepth),
            },
        };
    }

    private static FilePlan Data(string name, Fields fields)
    {
        byte[] content = Encoding.UTF8.GetBytes(fields.Text("content") ?? "");
        if (!fields.Has("size") && !fields.Has("content"))
        {
            throw new InputException(fields.Place, "a file needs `size`, `content` or `image`");
        }

        ulong length = fields.Find("size") is { } size ? Fields.Bytes(size, "size", 0, MostBytes) : (ulong)content.Length;
        return length >= (ulong)content.Length
            ? new FilePlan(name, length) { Contents = content }
            : throw fields.Required("size").Error(FormattableString.Invariant($"`size` is less than the {content.Length} bytes of `content`"));
    }

    /// <summary>
    /// An executable: headers on a page of their own, then code (.text), constants (.rdata), variables with a value (.data) and those that begin as
    /// zeros (.bss), which are in memory only.
    /// </summary>
    private static BoundFile Image(string name, Fields file, ScenarioNode node, Platform platform)
    {
        foreach (string key in new[] { "size", "content" })
        {
            if (file.Find(key) is { } given)
            {
                throw given.Error($"an image is as long as its parts make it: `{key}` does not go with it");
            }
        }

        var fields = new Fields(node, "an image", ScenarioKeys.Image);
        ulong preferred = fields.Find("base") is { } place ? Fields.Address(place, "base") : ImageBuilder.DefaultBase(platform.Is64Bit);
        ulong next = PageSize.Bytes;
        var sections = new List<ImageSection>();
        Add("text", 1, ImageRights.Read | ImageRights.Execute, inFile: true);
        Add("rdata", 0, ImageRights.Read, inFile: true);
        Add("data", 1, ImageRights.Read | ImageRights.Write, inFile: true);
        Add("bss", 0, ImageRights.Read | ImageRights.Write, inFile: false);
        void Add(string key, ulong otherwise, ImageRights rights, bool inFile)
        {
            ulong bytes = fields.Pages(key, 0, MostPartPages, otherwise) << PageSize.Shift;
            if (bytes > 0)
            {
                sections.Add(new ImageSection(next, bytes, inFile ? bytes : 0, rights) { FirstByte = key[0] });
                next += bytes;
            }
        }

        if (sections.Count == 0)
        {
            throw node.Error("an image has at least one part that is not empty: text, rdata, data or bss");
        }

        byte[] contents = ImageBuilder.Build(new ImageFile(preferred, PageSize.Bytes, FileAlignment, sections), platform.Is64Bit);
        return new BoundFile(new FilePlan(name, (ulong)contents.Length) { Contents = contents }, next >> PageSize.Shift, preferred);
    }
}

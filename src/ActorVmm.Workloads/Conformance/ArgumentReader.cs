using ActorVmm.Workloads.Conformance.Calls;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Reads arguments of steps, each in the form that its kind asks for.</summary>
internal static class ArgumentReader
{
    private static readonly string[] _processes = ["self", "other", "null", "bad", "minus-one"];
    private static readonly string[] _members = ["AllocationBase", "AllocationProtect", "RegionType", "RegionSize", "CommitSize", "PartitionId", "NodePreference"];
    private static readonly string[] _nullOutputs = ["all", "buffer", "old_protect", "count", "granularity", "addresses"];
    private static readonly string[] _extensions = ["AddressRequirements", "AttributeFlags", "Invalid0", "Max"];

    public static Argument Read(string operation, string name, JsonValue value) => Vocabulary.KindOf(operation, name) switch
    {
        ArgumentKind.Number => new NumberArgument(Number(value)),
        ArgumentKind.Flags => new FlagsArgument(value.Kind == JsonKind.Null ? null : Flags(value)),
        ArgumentKind.FileAccess => new FileAccessArgument(FileAccess(value)),
        ArgumentKind.Handle => Handle(value),
        ArgumentKind.Process => Process(value),
        ArgumentKind.Boolean => new BooleanArgument(value.RequireBoolean()),
        ArgumentKind.Text => Text(name, value),
        ArgumentKind.Symbol => new SymbolArgument(Symbol(value)),
        ArgumentKind.Buffer => new BufferArgument(Buffer(value)),
        ArgumentKind.Extensions => Extensions(value),
        ArgumentKind.Ranges => Ranges(value),
        ArgumentKind.ImageSections => new ImageSectionsArgument([.. value.RequireItems().Select(ImageSectionOf)]),
    };

    public static Expression Number(JsonValue value) => value.Kind switch
    {
        JsonKind.Null => Expression.Null,
        JsonKind.Number when Expression.TryNumber(value.Text, out ulong number) => Expression.Of(number),
        JsonKind.Text when Expression.Parse(value.Text) is { } expression => expression,
        JsonKind.Number => throw value.Refused("expected a whole number from 0 to 2^64-1"),
        JsonKind.Text or JsonKind.Boolean or JsonKind.Array or JsonKind.Object => throw value.Refused("expected a number such as 0x1000, $a or $a+0x1000, or null"),
    };

    public static ulong Flags(JsonValue value)
    {
        if (value.Kind == JsonKind.Number && Expression.TryNumber(value.Text, out ulong number))
        {
            return number;
        }

        return FlagWords.TryParse(value.RequireText(), out ulong bits, out string unknown)
            ? bits
            : throw value.Refused($"`{InputException.Clip(unknown)}` is no name of a bit" + Suggestion.For(unknown, FlagWords.Names));
    }

    public static string Symbol(JsonValue value) =>
        Expression.Parse(value.RequireText()) is { IsPlain: false, Member: "", Offset: 0 } symbol ? symbol.Symbol : throw value.Refused("expected a symbol such as $a");

    private static HandleArgument Handle(JsonValue value) => value switch
    {
        { Kind: JsonKind.Null } or { Kind: JsonKind.Text, Text: "null" } => new HandleArgument(HandleKind.Null, Expression.Null),
        { Kind: JsonKind.Text, Text: "bad" } => new HandleArgument(HandleKind.Bad, Expression.Null),
        { Kind: JsonKind.Text, Text: "minus-one" } => new HandleArgument(HandleKind.MinusOne, Expression.Null),
        _ => new HandleArgument(HandleKind.Bound, Expression.Parse(Symbol(value))!),
    };

    private static ProcessArgument Process(JsonValue value)
    {
        int index = value.Kind == JsonKind.Null ? (int)ProcessHandle.Null : Array.IndexOf(_processes, value.RequireText());
        return index >= 0 ? new ProcessArgument((ProcessHandle)index) : throw value.Refused("is no process" + Suggestion.For(value.Text, _processes));
    }

    private static TextArgument Text(string name, JsonValue value)
    {
        string text = value.RequireText();
        IReadOnlyCollection<string>? words = name switch
        {
            "null_output" => _nullOutputs,
            "content" => ["pe-image", "zeros"],
            "info" => ["basic", "image"],
            "inherit" => ["ViewShare", "ViewUnmap"],
            _ => null,
        };
        return words is null || words.Contains(text, StringComparer.Ordinal) ? new TextArgument(text) : throw value.Refused("is not known" + Suggestion.For(text, words));
    }

    private static FileAccessRights FileAccess(JsonValue value) =>
        value.RequireText().Split('|').Aggregate(FileAccessRights.None, (rights, word) => rights | word switch
        {
            "read" => FileAccessRights.Read,
            "write" => FileAccessRights.Write,
            "execute" => FileAccessRights.Execute,
            "none" => FileAccessRights.None,
            _ => throw value.Refused("expected read, write, execute joined by a bar, or none"),
        });

    private static BufferLength Buffer(JsonValue value)
    {
        if (value.Kind == JsonKind.Number || (value.Kind == JsonKind.Text && Expression.Parse(value.Text) is { IsPlain: true }))
        {
            return new BufferLength(BufferForm.Bytes, unchecked((long)Number(value).Offset));
        }

        string text = value.RequireText();
        if (text.StartsWith("up_to:", StringComparison.Ordinal))
        {
            string member = text[6..];
            return _members.Contains(member, StringComparer.Ordinal)
                ? new BufferLength(BufferForm.UpTo, 0, member)
                : throw value.Refused("is no member" + Suggestion.For(member, _members));
        }

        foreach ((string word, BufferForm form) in new[] { ("size", BufferForm.Size), ("header", BufferForm.Header) })
        {
            if (text.StartsWith(word, StringComparison.Ordinal) && Expression.Parse("$x" + text[word.Length..]) is { Member: "" } relative)
            {
                return new BufferLength(form, unchecked((long)relative.Offset));
            }
        }

        throw value.Refused("expected a number, size-1, header+16 or up_to:Member");
    }

    private static ExtensionsArgument Extensions(JsonValue value)
    {
        if (value.Kind == JsonKind.Null)
        {
            return new ExtensionsArgument(null);
        }

        var elements = new List<ExtensionText>();
        foreach (JsonValue item in value.RequireItems())
        {
            JsonValue type = item.Require("type");
            if (!_extensions.Contains(type.RequireText(), StringComparer.Ordinal))
            {
                throw type.Refused("is no extended parameter" + Suggestion.For(type.Text, _extensions));
            }

            elements.Add(new ExtensionText(type.Text, item.RequireMembers().Where(member => member.Name is not "type").ToDictionary(member => member.Name, member => Number(member.Value), StringComparer.Ordinal)));
        }

        return new ExtensionsArgument(elements);
    }

    private static RangesArgument Ranges(JsonValue value) =>
        new(value.Kind == JsonKind.Null ? null : [.. value.RequireItems().Select(item => (Number(item.Require("base")), Number(item.Require("size"))))]);

    private static ImageSection ImageSectionOf(JsonValue value) =>
        new(Constant(value.Require("rva")), Constant(value.Require("virtual_size")), Constant(value.Require("raw_size")), ImageRightsOf(value.Require("characteristics")))
        {
            FirstByte = value.Find("first_byte") is { } first ? Constant(first) : 0,
            RawPointer = value.Find("raw_pointer") is { } pointer ? Constant(pointer) : null,
        };

    private static ulong Constant(JsonValue value) => Number(value) is { IsPlain: true, IsNull: false } number ? number.Offset : throw value.Refused("expected a number");

    private static ImageRights ImageRightsOf(JsonValue value) =>
        value.RequireText().Split('|').Aggregate(ImageRights.None, (rights, word) => rights | word switch
        {
            "READ" => ImageRights.Read,
            "WRITE" => ImageRights.Write,
            "EXECUTE" => ImageRights.Execute,
            "NOLOAD" => ImageRights.NoLoad,
            "0" => ImageRights.None,
            _ => throw value.Refused("expected READ, WRITE, EXECUTE, NOLOAD joined by a bar, or 0"),
        });
}

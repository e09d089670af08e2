using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Conformance;

/// <summary>The arguments of a step, evaluated as they are asked for.</summary>
internal sealed class BoundArguments(CaseStep step, Symbols symbols)
{
    public ProcessHandle Process => Of<ProcessArgument>("process")?.Process ?? ProcessHandle.Self;

    public BufferLength? Buffer => Of<BufferArgument>("buffer")?.Length;

    public NullOutputs NullOutputs => Text("null_output") switch
    {
        "all" => NullOutputs.All,
        "buffer" => NullOutputs.Buffer,
        "old_protect" => NullOutputs.OldProtect,
        "count" => NullOutputs.Count,
        "granularity" => NullOutputs.Granularity,
        "addresses" => NullOutputs.Addresses,
        _ => NullOutputs.None,
    };

    /// <summary>A number; null is 0, and so is one that is left out, unless another default is given.</summary>
    public ulong Number(string name, ulong otherwise = 0) => Find(name) ?? otherwise;

    /// <summary>A number, or null when it is left out.</summary>
    public ulong? Find(string name) => Of<NumberArgument>(name) is { } number ? symbols.Evaluate(number.Value) : null;

    /// <summary>A number, or null when it is left out or written as null.</summary>
    public ulong? FindOrNull(string name) => Of<NumberArgument>(name) is { Value.IsNull: false } number ? symbols.Evaluate(number.Value) : null;

    public ulong Flags(string name) => FindFlags(name) ?? 0;

    public ulong? FindFlags(string name) => Of<FlagsArgument>(name)?.Bits;

    public bool IsOn(string name) => Of<BooleanArgument>(name)?.Value ?? false;

    public string Text(string name) => Of<TextArgument>(name)?.Text ?? "";

    public HandleValue? Handle(string name) => Of<HandleArgument>(name) is not { } handle
        ? null
        : new HandleValue(handle.Kind, handle.Kind == HandleKind.Bound ? symbols.Evaluate(handle.Bound) : 0);

    public HandleValue RequireHandle(string name) => Handle(name) ?? new HandleValue(HandleKind.Null);

    public ulong? ValueOfSymbol(string name) => step.SymbolOf(name) is { } symbol ? symbols.Evaluate(Expression.Parse(symbol)!) : null;

    public FileAccessRights FileAccess() => Of<FileAccessArgument>("access")?.Rights ?? (FileAccessRights.Read | FileAccessRights.Write);

    public IReadOnlyList<ImageSection>? ImageSections() => Of<ImageSectionsArgument>("sections")?.Sections;

    public IReadOnlyList<AddressRange>? Ranges() => Of<RangesArgument>("ranges")?.Ranges is { } ranges
        ? [.. ranges.Select(range => new AddressRange(symbols.Evaluate(range.Base), symbols.Evaluate(range.Size)))]
        : null;

    public ExtendedParameters Extended()
    {
        if (!step.Arguments.TryGetValue("ext", out Argument? argument))
        {
            return new ExtendedParameters([], Number("ext_count"));
        }

        IReadOnlyList<ExtensionText>? array = ((ExtensionsArgument)argument).Array;
        return new ExtendedParameters(array is null ? null : [.. array.Select(Extension)], Number("ext_count", (ulong)(array?.Count ?? 0)));
    }

    private ExtendedParameter Extension(ExtensionText text)
    {
        ulong Of(string name) => text.Numbers.TryGetValue(name, out Expression? number) ? symbols.Evaluate(number) : 0;
        return text.Type switch
        {
            "AddressRequirements" => new AddressRequirements(Of("lowest"), Of("highest"), Of("alignment")),
            "AttributeFlags" => new AttributeFlags(Of("value")),
            "Max" => new UnknownParameter(PastTheLast: true),
            _ => new UnknownParameter(PastTheLast: false),
        };
    }

    private T? Of<T>(string name)
        where T : Argument => step.Arguments.GetValueOrDefault(name) as T;
}

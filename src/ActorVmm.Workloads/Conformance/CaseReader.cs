using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Makes a case of a line. Whatever the format does not know is refused, with its place.</summary>
internal static class CaseReader
{
    private static readonly string[] _keys = ["id", "source", "area", "arch", "arch_also", "level", "mode", "os", "tags", "given", "note", "steps"];
    private static readonly string[] _stepKeys = ["op", "args", "expect"];
    private static readonly string[] _givenKeys = ["free_range", "dep", "commit_limit_below"];

    public static ConformanceCase Read(JsonValue line)
    {
        Know(line, _keys);
        JsonValue steps = line.Require("steps");
        (ulong, ulong)? free = null;
        bool prevention = true;
        ulong? limit = null;
        if (line.Find("given") is { } given)
        {
            Know(given, _givenKeys);
            free = given.Find("free_range") is { } range ? RangeOf(range) : null;
            prevention = given.Find("dep") is not { } dep || Word(dep, "on", "off") is "on";
            limit = given.Find("commit_limit_below") is { } below ? ArgumentReader.Number(below).Offset : null;
        }

        return new ConformanceCase
        {
            Id = Named(line.Require("id")),
            Area = Named(line.Require("area")),
            Architectures = ArchitecturesOf(line),
            Level = Word(line.Require("level"), "nt", "win32") is "nt" ? CallLevel.Nt : CallLevel.Win32,
            KernelCaller = line.Find("mode") is { } mode && Word(mode, "kernel-caller", "user-caller") is "kernel-caller",
            Version = line.Find("os") is { } range2 ? VersionOf(range2) : WindowsVersionText.Newest,
            DataExecutionPrevention = prevention,
            CommitLimitBelow = limit,
            FreeRange = free,
            Note = line.Find("note")?.RequireText() ?? "",
            Steps = steps.RequireItems().Count > 0 ? [.. steps.Items.Select(StepOf)] : throw steps.Refused("a case has at least one step"),
            Place = line.Place,
        };
    }

    private static List<Architecture> ArchitecturesOf(JsonValue line)
    {
        var all = new List<Architecture>();
        foreach (JsonValue name in (line.Find("arch_also")?.RequireItems() ?? []).Prepend(line.Require("arch")))
        {
            Architecture architecture = ArchitectureText.Find(name.RequireText()) ?? throw name.Refused("is no architecture; known are x64, x86");
            if (!all.Contains(architecture))
            {
                all.Add(architecture);
            }
        }

        return all;
    }

    private static CaseStep StepOf(JsonValue step)
    {
        Know(step, _stepKeys);
        JsonValue operation = step.Require("op");
        IReadOnlyCollection<string> known = Vocabulary.ArgumentsOf(operation.RequireText())
            ?? throw operation.Refused("is no operation" + Suggestion.For(operation.Text, Vocabulary.OperationNames));
        JsonValue arguments = step.Require("args");
        Know(arguments, known);
        return new CaseStep(
            operation.Text,
            arguments.RequireMembers().ToDictionary(member => member.Name, member => ArgumentReader.Read(operation.Text, member.Name, member.Value), StringComparer.Ordinal),
            ExpectationReader.Read(step.Require("expect")),
            step.Place);
    }

    private static (ulong Start, ulong End) RangeOf(JsonValue value) =>
        value.RequireItems() is [var start, var end] && ArgumentReader.Number(start) is { IsPlain: true } first && ArgumentReader.Number(end) is { IsPlain: true } last
            ? (first.Offset, last.Offset)
            : throw value.Refused("expected two addresses");

    private static WindowsVersion VersionOf(JsonValue value) =>
        WindowsVersionText.NewestOf(value.RequireText())
            ?? throw value.Refused("expected a version with + behind it or <= before it; versions are " + string.Join(", ", WindowsVersionText.Names));

    private static string Named(JsonValue value) => value.RequireText().Length > 0 ? value.Text : throw value.Refused("expected a name");

    private static string Word(JsonValue value, params string[] words) =>
        words.Contains(value.RequireText(), StringComparer.Ordinal) ? value.Text : throw value.Refused("expected " + string.Join(" or ", words));

    /// <summary>Refuses members that nobody knows.</summary>
    public static void Know(JsonValue value, IReadOnlyCollection<string> known)
    {
        foreach ((string name, JsonValue member) in value.RequireMembers())
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new InputException(member.Place, $"unknown key `{InputException.Clip(name)}`" + Suggestion.For(name, known));
            }
        }
    }
}

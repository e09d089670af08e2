using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads scenario files (interfaces.md) into <see cref="Scenario"/>s, and makes scenarios of bare traces.</summary>
public static class ScenarioFile
{
    private const uint LeastFramesForTraces = 1024;
    private const ulong MostFramesForTraces = 1U << 28;

    /// <summary>Reads a scenario from a file.</summary>
    /// <exception cref="InputException">It is not one, or names things that are not; says where.</exception>
    public static Scenario Load(string path, ScenarioOverrides? overrides = null) =>
        Parse(ReadFile(path), path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", overrides ?? new ScenarioOverrides());

    /// <summary>Reads a scenario from a stream, such as standard input; its files are relative to the working directory.</summary>
    public static Scenario Load(Stream stream, string name, ScenarioOverrides? overrides = null) =>
        Parse(ReadAll(stream, name), name, Directory.GetCurrentDirectory(), overrides ?? new ScenarioOverrides());

    /// <summary>
    /// A scenario that runs a trace: on a machine with room for everything unless frames are given, with a paging file that takes
    /// twice what the trace commits.
    /// </summary>
    public static Scenario Of(TraceFile trace, ScenarioOverrides? overrides = null)
    {
        overrides ??= new ScenarioOverrides();
        int copies = overrides.Processes ?? 1;
        Replacement replacement = overrides.Replacement ?? Replacement.Windows;
        ulong wanted = ((ulong)trace.Info.Pages * (ulong)copies * 2) + LeastFramesForTraces;
        uint frames = overrides.Frames ?? (uint)Math.Min(wanted, MostFramesForTraces);
        UInt128 committed = ((UInt128)trace.Info.CommittedPages * (ulong)copies) + trace.Sections.Aggregate(UInt128.Zero, (sum, section) => sum + section.Pages);
        return new Scenario
        {
            Name = Path.GetFileName(trace.Info.Path),
            Path = trace.Info.Path,
            Sha256 = trace.Info.Sha256,
            Seed = overrides.Seed ?? overrides.FallbackSeed,
            Machine = new MachinePlan(frames)
            {
                PagingFiles = [new PagingFilePlan((uint)UInt128.Min(uint.MaxValue, (committed * 2) + wanted))],
            },
            Operator = new OperatorPlan
            {
                Processes =
                [
                    .. trace.CreateProcesses(copies, replacement == Replacement.Opt)
                        .Select(plan => plan with { Replacement = replacement, WorkingSet = overrides.Limit(plan.WorkingSet) }),
                ],
                Sections = trace.Sections,
            },
            Traces = [trace],
        };
    }

    private static Scenario Parse(byte[] bytes, string path, string directory, ScenarioOverrides overrides)
    {
        var fields = new Fields(Node(bytes, path), "a scenario", ScenarioKeys.Scenario);
        fields.Required("version");
        if (fields.Whole("version", 1, int.MaxValue, 1) > 1)
        {
            throw fields.Required("version").Error("this scenario was written for a newer version of ActorVmm; version 1 is known");
        }

        ulong seed = overrides.Seed ?? Seed(fields, overrides.FallbackSeed);
        (MemoryPolicy policy, Replacement replacement) = PolicyBinder.Bind(fields.Find("policy"));
        (MachinePlan described, ReferencedFile? machineFile) = Machine(fields.Required("machine"), directory);
        MachinePlan machine = described with { Policy = policy };
        machine = overrides.Frames is { } frames ? machine with { Frames = frames } : machine;

        machine = machine with { Jobs = JobBinder.Bind(fields.Find("jobs")) };
        IReadOnlyList<BoundFile> files = FileBinder.Bind(fields.Find("files"), machine.Platform);
        machine = machine with { Files = [.. files.Select(file => file.Plan)] };
        var sections = new TraceSections(new SectionBinder(files).Bind(fields.Find("sections")));
        var processes = new ProcessBinder(directory, seed, replacement, machine.Platform, overrides, machine.Jobs) { Sections = sections, Devices = machine.Devices };
        processes.Bind(fields.Required("processes"));
        int targets = fields.Has("load") ? int.MaxValue : processes.Plans.Count;
        IReadOnlyList<LoadStep> load = [.. fields.Items("load").Select(step => OperatorBinder.Load(step))];
        HardMinimums.CheckStacks(machine.System, processes.Plans, fields.Required("processes"));
        HardMinimums.Check(machine.Frames, processes.Plans, load, fields.Required("processes"));
        return new Scenario
        {
            Name = fields.Text("name") ?? Path.GetFileNameWithoutExtension(path),
            Description = fields.Text("description") ?? "",
            Path = path,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Seed = seed,
            Machine = machine,
            Operator = new OperatorPlan
            {
                Processes = processes.Plans,
                Load = load,
                Sections = sections.Plans,
                Injections = [.. fields.Items("faults").Select(fault => OperatorBinder.Fault(fault, machine, targets))],
            },
            Expectations = [.. fields.Items("expect").Select(ExpectationParser.Parse)],
            Questions = [.. fields.Items("show").Select(Fields.Scalar)],
            Lesson = [.. fields.Items("lesson").Select(LessonLine.Parse)],
            Traces = processes.Traces,
            Files =
            [
                .. machineFile is null ? (ReferencedFile[])[] : [machineFile],
                .. processes.Traces.Select(trace => new ReferencedFile(Path.GetFullPath(trace.Info.Path), trace.Info.Sha256)),
            ],
        };
    }

    /// <summary>The machine itself, or the file that describes it: relative to the scenario, else to the working directory.</summary>
    private static (MachinePlan Plan, ReferencedFile? File) Machine(ScenarioNode node, string directory)
    {
        if (node is not ScalarNode file)
        {
            return (MachineBinder.Bind(node), null);
        }

        string[] places = [Path.Combine(directory, file.Text), Path.GetFullPath(file.Text)];
        string path = Array.Find(places, File.Exists)
            ?? throw node.Error($"no such machine file: {string.Join(" or ", places.Distinct(StringComparer.Ordinal))}");
        byte[] bytes = ReadFile(path);
        return (MachineBinder.Bind(Node(bytes, path)), new ReferencedFile(Path.GetFullPath(path), Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    private static ulong Seed(Fields fields, ulong fallback)
    {
        if (fields.Find("seed") is not { } node)
        {
            return fallback;
        }

        return ulong.TryParse(Fields.Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw node.Error($"`seed` is a whole number from 0 to 2^64 − 1, not {node.Kind}");
    }

    private static ScenarioNode Node(byte[] bytes, string path)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            int line = 1 + bytes.AsSpan(0, Math.Max(0, error.Index)).Count((byte)'\n');
            throw new InputException(new Place(path, line, 1), "not text in UTF-8", InputException.Clip(bytes.AsSpan(Math.Max(0, error.Index))), error);
        }

        return ScenarioNodeReader.Read(text.StartsWith('\uFEFF') ? text[1..] : text, path);
    }

    private static byte[] ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(new Place(path), "is a directory, not a file");
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            return ReadAll(stream, path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(new Place(path), "no such file", cause: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(new Place(path), "cannot be read: " + error.Message, cause: error);
        }
    }

    private static byte[] ReadAll(Stream stream, string name)
    {
        try
        {
            byte[] buffer = new byte[ScenarioNodeReader.MostBytes + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= ScenarioNodeReader.MostBytes
                ? buffer[..length]
                : throw new InputException(new Place(name), "a scenario has at most 1 MiB");
        }
        catch (IOException error)
        {
            throw new InputException(new Place(name), "cannot be read: " + error.Message, cause: error);
        }
    }
}

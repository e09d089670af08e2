using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>What `run` is given: a scenario file, a trace, or either of them from standard input.</summary>
public static class WorkloadFile
{
    private const int HeadBytes = 1 << 16;

    private static readonly string[] _scenarioStarts = ["version:", "name:", "machine:", "processes:", "description:", "seed:", "{"];

    /// <summary>
    /// Loads a scenario, or makes one of a trace. A format other than auto says that it is a trace; so does gzip. A name ending in
    /// .yaml or .yml says that it is a scenario; else the content decides.
    /// </summary>
    /// <exception cref="InputException">It is neither, or not as it should be; says where.</exception>
    public static Scenario Load(string path, TraceFormat format = TraceFormat.Auto, ScenarioOverrides? overrides = null)
    {
        bool scenario = format == TraceFormat.Auto
            && (Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" || (File.Exists(path) && IsScenario(HeadOf(path))));
        return scenario ? ScenarioFile.Load(path, overrides) : ScenarioFile.Of(TraceFile.Open(path, format), overrides);
    }

    /// <summary>The same from a stream; <paramref name="name"/> is what messages call it, `-` for standard input.</summary>
    public static Scenario Load(Stream stream, string name, TraceFormat format = TraceFormat.Auto, ScenarioOverrides? overrides = null)
    {
        byte[] head = Head(stream, name);
        var whole = new PrefixedStream(head, stream, closesRest: true);
        return format == TraceFormat.Auto && IsScenario(head)
            ? ScenarioFile.Load(whole, name, overrides)
            : ScenarioFile.Of(TraceFile.Open(whole, name, format), overrides);
    }

    private static byte[] HeadOf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Head(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(new Place(path), "cannot be read: " + error.Message, cause: error);
        }
    }

    private static byte[] Head(Stream stream, string name)
    {
        try
        {
            byte[] head = new byte[HeadBytes];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (IOException error)
        {
            throw new InputException(new Place(name), "cannot be read: " + error.Message, cause: error);
        }
    }

    /// <summary>Whether the first line that is neither empty nor a comment starts as scenarios do.</summary>
    private static bool IsScenario(ReadOnlySpan<byte> head)
    {
        foreach (Range range in head.Split((byte)'\n'))
        {
            string line = InputException.Clip(head[range].Trim(" \t\r\uFEFF"u8));
            if (line.Length > 0 && line[0] != '#' && !line.StartsWith("---", StringComparison.Ordinal))
            {
                return Array.Exists(_scenarioStarts, start => line.StartsWith(start, StringComparison.Ordinal));
            }
        }

        return false;
    }
}

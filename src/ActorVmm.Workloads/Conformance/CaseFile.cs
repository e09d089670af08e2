namespace ActorVmm.Workloads.Conformance;

/// <summary>Files of cases: JSON, one case a line; blank lines are passed over.</summary>
public static class CaseFile
{
    /// <summary>The cases of a file, read as they are asked for.</summary>
    /// <exception cref="InputException">There is no such file, or it holds something that is no case.</exception>
    public static IEnumerable<ConformanceCase> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream stream = Open(path);
        foreach (ConformanceCase read in Read(stream, path))
        {
            yield return read;
        }
    }

    /// <summary>The cases of a stream, read as they are asked for.</summary>
    /// <param name="stream">JSON, one case a line.</param>
    /// <param name="name">What messages call it.</param>
    public static IEnumerable<ConformanceCase> Read(Stream stream, string name)
    {
        var lines = new LineStream(stream, name);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (Next(lines, name) is { } value)
        {
            ConformanceCase read = CaseReader.Read(value);
            if (!seen.TryAdd(read.Id, value.Place.Line))
            {
                throw value.Require("id").Refused(FormattableString.Invariant($"line {seen[read.Id]} has a case of this id already"));
            }

            yield return read;
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(new Place(path), "is a directory, not a file of cases");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
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

    /// <summary>The next line that is not blank; null at the end.</summary>
    private static JsonValue? Next(LineStream lines, string name)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> text = lines.Number == 1 && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
            if (!text.Trim(" \t"u8).IsEmpty)
            {
                return JsonLine.Parse(text, name, lines.Number);
            }
        }

        return null;
    }
}

using System.Text;

namespace ActorVmm.Cli.Output;

/// <summary>Files that verbs write with -o. Whatever goes wrong is storage: exit code 7.</summary>
internal static class OutputFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a file, or to stdout when <paramref name="path"/> is null or -.</summary>
    public static void Write(Screen screen, string? path, Action<TextWriter> write)
    {
        if (path is null or "-")
        {
            write(screen.Out);
            screen.Flush();
            return;
        }

        Write(path, write);
    }

    /// <summary>Writes a file.</summary>
    public static void Write(string path, Action<TextWriter> write) => Guard(path, () =>
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        write(file);
    });

    /// <summary>Writes a file, or to stdout when <paramref name="path"/> is null or -, byte by byte.</summary>
    public static void WriteBytes(Screen screen, string? path, Action<Stream> write)
    {
        screen.Flush();
        if (path is null or "-")
        {
            using var stream = new BufferedStream(Console.OpenStandardOutput(), BufferBytes);
            write(stream);
            return;
        }

        Guard(path, () =>
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
            write(file);
        });
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new Refusal(ExitCode.Storage, $"{path}: cannot be written: {error.Message}", error);
        }
    }
}

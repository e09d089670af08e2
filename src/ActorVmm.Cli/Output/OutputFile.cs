using System.Text;

namespace ActorVmm.Cli.Output;

/// <summary>Files that verbs write with -o. Whatever goes wrong is storage: exit code 7.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file, or to stdout when <paramref name="path"/> is null or -.</summary>
    public static void Write(Screen screen, string? path, Action<TextWriter> write)
    {
        if (path is null or "-")
        {
            write(screen.Out);
            screen.Flush();
            return;
        }

        try
        {
            using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            write(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new Refusal(ExitCode.Storage, $"{path}: cannot be written: {error.Message}", error);
        }
    }
}

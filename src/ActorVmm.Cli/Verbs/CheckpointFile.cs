using ActorVmm.Cli.Output;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Workloads;

namespace ActorVmm.Cli.Verbs;

/// <summary>Where an exhaustive search leaves off: written when it is interrupted, read when it goes on, gone when it is done.</summary>
/// <param name="path">The file.</param>
/// <param name="of">What is searched and how; a file of something else is rejected.</param>
internal sealed class CheckpointFile(string path, string of)
{
    /// <exception cref="InputException">The file is there and cannot be used.</exception>
    public Checkpoint? Read()
    {
        if (!File.Exists(path))
        {
            return Directory.Exists(path) ? throw new InputException(new Place(path), "is a directory, not a checkpoint") : null;
        }

        Checkpoint read;
        try
        {
            read = Checkpoint.Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(new Place(path), error.Message, cause: error);
        }

        return string.Equals(read.Of, of, StringComparison.Ordinal)
            ? read
            : throw new InputException(new Place(path), $"is a checkpoint of another search: {read.Of}, not {of}");
    }

    /// <summary>Keeps where a search has come to; null when it is done.</summary>
    public void Write(Checkpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            string text = (checkpoint with { Of = of }).ToString();
            OutputFile.Write(path, file => file.WriteLine(text));
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}

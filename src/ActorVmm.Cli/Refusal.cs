namespace ActorVmm.Cli;

/// <summary>A verb cannot go on: the exit code and the sentence that says why.</summary>
internal sealed class Refusal(ExitCode code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public ExitCode Code { get; } = code;

    public static Refusal WrongUsage(string sentence) => new(ExitCode.WrongUsage, sentence);

    /// <summary>Something that is promised and not there yet.</summary>
    public static Refusal NotBuilt(string what) => new(ExitCode.WrongUsage, what + " is not built yet");
}

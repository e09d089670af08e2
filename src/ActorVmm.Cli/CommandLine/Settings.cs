using System.CommandLine;
using System.CommandLine.Parsing;

namespace ActorVmm.Cli.CommandLine;

/// <summary>Where a setting's value comes from; the smaller wins.</summary>
internal enum Origin
{
    CommandLine,
    Environment,

    /// <summary>A scenario's own value stands between <see cref="Environment"/> and this.</summary>
    UserFile,
}

/// <summary>
/// The values of flags: the command line beats ACTORVMM_&lt;FLAG&gt; beats the scenario beats the user's file.
/// </summary>
internal sealed class Settings
{
    private readonly ParseResult _arguments;
    private readonly Func<string, string?> _environment;
    private readonly UserFile _file;

    /// <exception cref="Refusal">A variable or a line of the user's file is no value of its flag.</exception>
    public Settings(ParseResult arguments, Func<string, string?> environment, UserFile file)
    {
        _arguments = arguments;
        _environment = environment;
        _file = file;
        foreach (IFlag flag in FlagsOf(arguments.CommandResult))
        {
            if (Variable(flag) is { } text && flag.Check(text) is { } complaint)
            {
                throw Refusal.WrongUsage($"{VariableName(flag)}: {complaint}");
            }

            _file.Check(flag);
        }
    }

    /// <summary>The variable that stands for a flag: ACTORVMM_WORKING_SET for --working-set.</summary>
    public static string VariableName(IFlag flag) => "ACTORVMM_" + flag.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>The value that beats whatever a scenario says, or the fallback.</summary>
    public T? Ordered<T>(Flag<T> flag)
        where T : struct => TextOf(flag) is (var text, < Origin.UserFile) ? flag.Read(text) : null;

    /// <summary>The value from the user's file, which a scenario beats.</summary>
    public T? Preferred<T>(Flag<T> flag)
        where T : struct => TextOf(flag) is (var text, Origin.UserFile) ? flag.Read(text) : null;

    /// <summary>The value, wherever it comes from.</summary>
    public T? Value<T>(Flag<T> flag)
        where T : struct => TextOf(flag) is var (text, _) ? flag.Read(text) : null;

    /// <summary>The text, wherever it comes from.</summary>
    public string? Text<T>(Flag<T> flag) => TextOf(flag)?.Text;

    /// <summary>Whether the value is from the user's file, which a scenario beats.</summary>
    public bool IsPreferred<T>(Flag<T> flag) => TextOf(flag) is (_, Origin.UserFile);

    /// <summary>Whether the command line gives it.</summary>
    public bool IsGiven(Option flag) => _arguments.GetResult(flag) is { Implicit: false };

    public bool IsOn(Switch flag) =>
        _arguments.GetResult(flag) is { Implicit: false }
        || (Variable(flag) is { } text ? Switch.Parse(text) : _file.Find(flag.Name) is { } line ? Switch.Parse(line) : false) == true;

    private (string Text, Origin Origin)? TextOf<T>(Flag<T> flag) =>
        _arguments.GetResult(flag) is { Implicit: false } && _arguments.GetValue(flag) is { } given ? (given, Origin.CommandLine)
        : Variable(flag) is { } variable ? (variable, Origin.Environment)
        : _file.Find(flag.Name) is { } line ? (line, Origin.UserFile)
        : null;

    private string? Variable(IFlag flag) => _environment(VariableName(flag)) is { Length: > 0 } text ? text : null;

    private static IEnumerable<IFlag> FlagsOf(CommandResult command)
    {
        for (SymbolResult? at = command; at is not null; at = at.Parent)
        {
            foreach (IFlag flag in ((at as CommandResult)?.Command.Options ?? []).OfType<IFlag>())
            {
                yield return flag;
            }
        }
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.CommandLine;

/// <summary>
/// What a wrong command line gets: the error and the usage on stderr, exit code 2. System.CommandLine would print help on
/// stdout and exit with 1.
/// </summary>
internal static class UsageError
{
    private const string UsageTitle = "Usage:";

    public static ExitCode Print(ParseResult parsed, TextWriter talk)
    {
        CommandResult command = parsed.CommandResult;
        string path = string.Join(' ', PathOf(command).Prepend("actorvmm"));
        talk.WriteLine("actorvmm: " + Complaint(parsed, path));
        talk.WriteLine();
        foreach (string line in Usage(parsed))
        {
            talk.WriteLine(line);
        }

        talk.WriteLine($"More with: {path} --help");
        return ExitCode.WrongUsage;
    }

    /// <summary>The first thing that is wrong. A stray word is named as such, also where a verb is missing because of it.</summary>
    private static string Complaint(ParseResult parsed, string path)
    {
        if (parsed.UnmatchedTokens is not [var stray, ..])
        {
            return parsed.Errors is [var first, ..] ? first.Message : $"{path} needs a verb";
        }

        Command command = parsed.CommandResult.Command;
        bool isOption = stray.StartsWith('-') && stray.Length > 1;
        string[] known = isOption
            ? [.. OptionsOf(parsed.CommandResult).SelectMany(option => option.Aliases.Prepend(option.Name))]
            : [.. command.Subcommands.Select(verb => verb.Name)];
        return known.Length == 0
            ? $"{path} takes no more words, and \"{stray}\" is one"
            : $"\"{stray}\" is no {(isOption ? "option" : "verb")} of {path}{Suggestion.For(stray, known)}";
    }

    private static IEnumerable<string> Usage(ParseResult parsed)
    {
        using var help = new StringWriter();
        parsed.RootCommandResult.Command.Parse([.. PathOf(parsed.CommandResult), "--help"]).Invoke(new InvocationConfiguration { Output = help, Error = help });
        return help.ToString().ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => !line.StartsWith(UsageTitle, StringComparison.Ordinal))
            .TakeWhile(line => line.Length > 0);
    }

    private static IEnumerable<string> PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? PathOf(parent).Append(command.Command.Name) : [];

    private static IEnumerable<Option> OptionsOf(CommandResult command)
    {
        for (SymbolResult? at = command; at is not null; at = at.Parent)
        {
            foreach (Option option in (at as CommandResult)?.Command.Options ?? [])
            {
                yield return option;
            }
        }
    }
}

using System.CommandLine;
using System.Globalization;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Cli.Verbs;
using ActorVmm.Journal;
using ActorVmm.Workloads;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ActorVmm.Cli;

/// <summary>The entry point of <c>actorvmm</c>: from arguments to an exit code, whatever happens on the way.</summary>
internal static class Program
{
    private const string ReportTo = "the issues of the ActorVmm repository";

    public static int Main(string[] arguments)
    {
        try
        {
            return (int)Run(arguments, Environment.GetEnvironmentVariable);
        }
        catch (Exception error)
        {
            // Nothing above this could say it: say it here, and never with a bare stack trace.
            return (int)Complain(error, verbose: arguments.Contains("-v") || arguments.Contains("--verbose"));
        }
    }

    private static ExitCode Run(string[] arguments, Func<string, string?> environment)
    {
        var flags = new GlobalFlags();
        RootCommand root = Root.Create(flags);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = true });
        if (parsed.GetResult(flags.Version) is { Implicit: false })
        {
            Console.Out.WriteLine(VersionText.Line);
            return ExitCode.Fine;
        }

        if (parsed.Action is System.CommandLine.Help.HelpAction help)
        {
            return (ExitCode)help.Invoke(parsed);
        }

        if (parsed.Errors.Count > 0 || parsed.CommandResult.Command is not Verb verb)
        {
            return UsageError.Print(parsed, Console.Error);
        }

        var file = UserFile.Read(UserFile.DefaultPath(environment), Root.FlagNames(root));
        var settings = new Settings(parsed, environment, file);
        using var interruption = new Interruption(TimeProvider.System);
        using var screen = new Screen(environment, settings.Value(flags.Color) ?? Colour.Auto, settings.IsOn(flags.Plain));
        using Logger log = LogOf(settings.IsOn(flags.Verbose));
        var session = new Session
        {
            Arguments = parsed, Settings = settings, UserFile = file, Flags = flags, Screen = screen, Log = log, Interruption = interruption, Clock = TimeProvider.System,
        };
        ExitCode code = verb.Execute(session);
        screen.Flush();
        return interruption.Code ?? code;
    }

    private static Logger LogOf(bool verbose) =>
        new LoggerConfiguration()
            .MinimumLevel.Is(verbose ? LogEventLevel.Debug : LogEventLevel.Warning)
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, theme: Serilog.Sinks.SystemConsole.Themes.ConsoleTheme.None, formatProvider: CultureInfo.InvariantCulture)
            .CreateLogger();

    private static ExitCode Complain(Exception error, bool verbose)
    {
        (ExitCode code, string sentence) = error switch
        {
            Refusal refusal => (refusal.Code, refusal.Message),
            NotBuiltException notBuilt => (ExitCode.WrongUsage, notBuilt.Message),
            InputException rejected => (ExitCode.InputRejected, rejected.Message),
            ForeignJournalException foreign => (ExitCode.InputRejected, foreign.Message),
            NoSuchRunException nothing => (ExitCode.NothingToDo, nothing.Message),
            DamagedJournalException damaged => (ExitCode.JournalDamaged, damaged.Message),
            RunDivergedException diverged => (ExitCode.JournalDamaged, diverged.Message),
            NewerJournalException newer => (ExitCode.MadeByNewerVersion, newer.Message),
            JournalStorageException storage => (ExitCode.Storage, storage.Message),
            OutOfMemoryException => (ExitCode.InputRejected, "this computer has too little memory for that: fewer processes, fewer frames, or --specifications off need less"),
            IOException or UnauthorizedAccessException => (ExitCode.Storage, error.Message),
            _ => (ExitCode.Bug, $"this is a bug in {VersionText.Line}: {error.GetType().Name}: {error.Message}"),
        };
        Console.Error.WriteLine("actorvmm: " + sentence);
        if (verbose)
        {
            Console.Error.WriteLine(error);
        }
        else if (code == ExitCode.Bug)
        {
            Console.Error.WriteLine($"Please report it to {ReportTo}, with this command and the output of the same with -v:");
            Console.Error.WriteLine("  actorvmm " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Shell.Quote)));
        }

        return code;
    }
}

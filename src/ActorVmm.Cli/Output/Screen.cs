using System.Text;
using ActorVmm.Cli.CommandLine;
using Spectre.Console;

namespace ActorVmm.Cli.Output;

/// <summary>
/// Where words go: results to stdout, talk to stderr. Spectre.Console colours redirected files unless told not to, so both
/// consoles are told what they are.
/// </summary>
internal sealed class Screen : IDisposable
{
    /// <summary>Columns of a table that goes to a file.</summary>
    private const int FileWidth = 110;

    private const int NarrowestTerminal = 40;

    private readonly StreamWriter _out;

    public Screen(Func<string, string?> environment, Colour colour, bool plain)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
        {
            Console.OutputEncoding = encoding;
        }

        _out = new StreamWriter(Console.OpenStandardOutput(), encoding, bufferSize: 1 << 14) { NewLine = "\n" };
        bool dumb = environment("TERM") is "dumb";
        bool silent = plain || environment("NO_COLOR") is { Length: > 0 } || dumb;
        IsTerminal = !Console.IsOutputRedirected && !dumb;
        IsTalkTerminal = !Console.IsErrorRedirected && !dumb;
        Result = Of(IsTerminal ? _out : new TrimmingWriter(_out), IsTerminal, colour, silent);
        Talk = Of(Console.Error, IsTalkTerminal, colour, silent);
    }

    /// <summary>stdout, with tables and colour where they are wanted.</summary>
    public IAnsiConsole Result { get; }

    /// <summary>stderr, likewise.</summary>
    public IAnsiConsole Talk { get; }

    /// <summary>stdout, as it is.</summary>
    public TextWriter Out => _out;

    public bool IsTerminal { get; }

    public bool IsTalkTerminal { get; }

    public void Flush() => _out.Flush();

    public void Dispose() => _out.Dispose();

    private static IAnsiConsole Of(TextWriter writer, bool terminal, Colour colour, bool silent)
    {
        bool coloured = colour switch
        {
            Colour.Always => true,
            Colour.Never => false,
            Colour.Auto => terminal && !silent,
        };
        AnsiSupport ansi = !coloured ? AnsiSupport.No : OperatingSystem.IsWindows() && terminal ? AnsiSupport.Detect : AnsiSupport.Yes;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = coloured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = terminal && !silent ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = terminal ? Math.Max(console.Profile.Width, NarrowestTerminal) : FileWidth;
        console.Profile.Capabilities.Links = false;
        return console;
    }
}

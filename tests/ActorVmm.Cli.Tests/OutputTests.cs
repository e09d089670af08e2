using System.Diagnostics;
using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>stdout is the result and stderr is talk; what cannot be written is storage, and a reader who leaves is not an error.</summary>
public sealed class OutputTests
{
    private const string Trace = "1,2,3w,1";

    [Fact]
    public void AnOutputThatCannotBeWrittenIsStorage()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", Trace);

        foreach (string path in new[] { folder.Path, Path.Combine(folder.Path, "no", "such", "folder") })
        {
            Actorvmm.Ended ended = Actorvmm.Run("trace", "import", trace, "-o", path);
            ended.Code.ShouldBe(ExitCode.Storage);
            ended.Error.ShouldContain(path);
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void ANewScenarioOverwritesNothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("mine.yaml", "precious");

        Actorvmm.Run("scenario", "new", "mine", "-o", path).Code.ShouldBe(ExitCode.Storage);
        File.ReadAllText(path).ShouldBe("precious");
    }

    [Fact]
    public void ANewScenarioIsSound()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "mine.yaml");

        Actorvmm.Run("scenario", "new", "mine", "-o", path).Code.ShouldBe(ExitCode.Fine);
        Actorvmm.Run("scenario", "check", path).Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public void AFullDeviceIsStorage()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        (int code, string error) = Shell($"{Program} trace import {folder.Write("trace", Trace)} > /dev/full");
        code.ShouldBe((int)ExitCode.Storage);
        error.ShouldStartWith("actorvmm: ");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public void AReaderWhoLeavesIsNoError()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", string.Join('\n', Enumerable.Range(0, 200_000)));
        (int code, string error) = Shell($"set -o pipefail; {Program} trace import -q {trace} | head -1 > /dev/null");
        code.ShouldBe(0);
        error.ShouldBeEmpty();
    }

    [Fact]
    public void AFileIsNotColouredUnlessAskedFor()
    {
        const char Escape = '\u001b';
        Actorvmm.Run("doctor").Output.ShouldNotContain(Escape);
        Actorvmm.Run("doctor", "--color", "always").Output.ShouldContain(Escape);
        Actorvmm.Run(new Actorvmm.Launch("doctor") { Environment = { ["ACTORVMM_COLOR"] = "always" } }).Output.ShouldContain(Escape);
        Actorvmm.Run(new Actorvmm.Launch("doctor", "--color", "never") { Environment = { ["ACTORVMM_COLOR"] = "always" } }).Output.ShouldNotContain(Escape);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("trace info -")]
    [InlineData("scenario list")]
    public void AQuestionIsAnsweredByOneDocument(string line)
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch([.. line.Split(' '), "--json"]) { Input = Trace });

        using JsonDocument document = JsonDocument.Parse(ended.Output);
        document.RootElement.GetProperty("v").GetInt32().ShouldBe(1);
        ended.Error.ShouldBeEmpty();
    }

    [Fact]
    public void TheVersionIsOneLine() => Actorvmm.Run("--version").Output.ShouldMatch(@"^actorvmm \d+\.\d+\.\d+ \(\.NET .*\)\r?\n$");

    [Fact]
    public void AnImportedTraceIsTheSameTrace()
    {
        using var folder = new TemporaryFolder();
        string vmt = Path.Combine(folder.Path, "trace.vmt");
        string again = Path.Combine(folder.Path, "again.vmt");
        Actorvmm.Run("trace", "import", folder.Write("trace", "I  00010000,8\n S 00010ffc,8\n M 00020000,4\n"), "-o", vmt).Code.ShouldBe(ExitCode.Fine);
        Actorvmm.Run("trace", "import", vmt, "-o", again).Code.ShouldBe(ExitCode.Fine);

        File.ReadAllText(vmt).ShouldBe("""
            0 1.1 start trace
            0 1.1 reserve 0x10000 131072 executereadwrite
            0 1.1 commit 0x10000 131072 executereadwrite
            0 1.1 x 0x10000 8
            0 1.1 w 0x10ffc 4
            0 1.1 w 0x11000 4
            0 1.1 r 0x20000 4
            0 1.1 w 0x20000 4

            """.ReplaceLineEndings("\n"));
        File.ReadAllText(again).ShouldBe(File.ReadAllText(vmt));
    }

    private static string Program => $"dotnet {Path.Combine(AppContext.BaseDirectory, "actorvmm.dll")}";

    private static (int Code, string Error) Shell(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}

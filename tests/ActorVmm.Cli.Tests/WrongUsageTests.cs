namespace ActorVmm.Cli.Tests;

/// <summary>Wrong usage is exit code 2, with one sentence and the usage on stderr, and nothing on stdout.</summary>
public sealed class WrongUsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("rnu", "rnu", "run")]
    [InlineData("trace")]
    [InlineData("trace info")]
    [InlineData("trace info x y", "y")]
    [InlineData("run x --sed 1", "--sed", "--seed")]
    [InlineData("run x --seed", "--seed")]
    [InlineData("run x --seed -1", "--seed", "-1")]
    [InlineData("run x --seed 18446744073709551616", "--seed")]
    [InlineData("run x --frames 63", "--frames", "63")]
    [InlineData("run x --frames 9223372036854775808", "--frames")]
    [InlineData("run x --working-set 0", "--working-set")]
    [InlineData("run x --processes 0", "--processes")]
    [InlineData("run x --for 10", "--for", "unit")]
    [InlineData("run x --for 10parsecs", "--for", "unit")]
    [InlineData("run x --replacement newest", "--replacement", "fifo")]
    [InlineData("run x --format elf", "--format", "lackey")]
    [InlineData("run x --host cloud", "--host", "deterministic")]
    [InlineData("run x --workers 2", "--workers", "--host parallel")]
    [InlineData("run x --time-scale 2.5", "--time-scale", "--host parallel")]
    [InlineData("run x --host parallel --workers 65", "--workers", "64")]
    [InlineData("run x --color blue", "--color", "never")]
    [InlineData("run x --seed 1 --seed 2", "--seed")]
    [InlineData("explore x --schedules none", "--schedules")]
    [InlineData("inspect latest at now pfn", "now")]
    [InlineData("inspect latest at 5 everything", "everything")]
    [InlineData("campaign x --seeds 9..1", "--seeds")]
    [InlineData("serve --port 65536", "--port")]
    [InlineData("scenario new a/b", "a/b")]
    public void IsRefused(string line, params string[] said)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldStartWith("actorvmm: ");
        ended.Error.ShouldContainEach(said);
        ended.ShouldHoldNoStackTrace();
    }

    [Fact]
    public void OptionsThatDoNotGoTogetherAreRefused()
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("run", "-", "--replacement", "fifo") { Input = "1,2,3" });

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Error.ShouldContain("--working-set");
    }

    [Fact]
    public void HelpThatWasAskedForIsAResult()
    {
        foreach (string[] line in new string[][] { ["--help"], ["run", "-h"], ["trace", "--help"], ["inspect", "--help"] })
        {
            Actorvmm.Ended ended = Actorvmm.Run(line);
            ended.Code.ShouldBe(ExitCode.Fine);
            ended.Output.ShouldContain("Usage:");
            ended.Error.ShouldBeEmpty();
        }
    }

    [Fact]
    public void AnAtSignIsNoResponseFile()
    {
        using var folder = new TemporaryFolder();
        folder.Write("arguments", "--version");

        Actorvmm.Run(new Actorvmm.Launch("run", "@arguments") { Folder = folder.Path }).Code.ShouldBe(ExitCode.InputRejected);
    }
}

namespace ActorVmm.Cli.Tests;

/// <summary>
/// Everything that interfaces.md promises parses; what is not built yet is refused with exit code 2 and one sentence. A line
/// leaves this table when its verb is built.
/// </summary>
public sealed class PromisedTests
{
    [Theory]
    [InlineData("run x --schedule 1.2.3", "--schedule")]
    [InlineData("serve --port 8080", "serve")]
    public void IsRefusedInOneSentence(string line, string named)
    {
        Actorvmm.Ended ended = Actorvmm.Run([.. line.Split(' '), "--json", "--plain", "-q", "-v", "--color", "never"]);

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Output.ShouldBeEmpty();
        string sentence = ended.Error.Split('\n')[0];
        sentence.ShouldStartWith("actorvmm: " + named);
        sentence.ShouldContain("not built yet");
    }
}

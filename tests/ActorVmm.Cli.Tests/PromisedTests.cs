namespace ActorVmm.Cli.Tests;

/// <summary>
/// Everything that interfaces.md promises parses; what is not built yet is refused with exit code 2 and one sentence. A line
/// leaves this table when its verb is built.
/// </summary>
public sealed class PromisedTests
{
    [Theory]
    [InlineData("run x --host akka", "--host akka")]
    [InlineData("run x --schedule 1.2.3", "--schedule")]
    [InlineData("run x --journal runs.db", "--journal runs.db")]
    [InlineData("run x --journal postgres://host/db", "--journal postgres")]
    [InlineData("run x --durability full", "--durability")]
    [InlineData("run x --journal-messages full", "--journal-messages")]
    [InlineData("check a.jsonl b.jsonl", "check")]
    [InlineData("replay latest --to 10 --to-time 2s --verify --host deterministic --workers 2", "replay")]
    [InlineData("inspect latest at 4711 pfn", "inspect")]
    [InlineData("explore race:lost-wakeup --param k=3 --param n=2 --fixed --strategy pct --depth 3 --delivery bag --schedules 10 --for 5m --stop-on-first --workers 2 --seed 1 --journal none --schedule x --timers 1 --checkpoint f", "explore")]
    [InlineData("explore s.yaml --exhaustive", "explore")]
    [InlineData("campaign s.yaml --seeds 1..100 --nodes a,b --journal none", "campaign")]
    [InlineData("shrink id", "shrink")]
    [InlineData("explain 0xC0000005", "explain")]
    [InlineData("diff a b", "diff")]
    [InlineData("races", "races")]
    [InlineData("races lost-wakeup", "races")]
    [InlineData("journal list", "journal list")]
    [InlineData("journal info latest", "journal info")]
    [InlineData("journal verify", "journal verify")]
    [InlineData("journal export latest", "journal export")]
    [InlineData("journal prune", "journal prune")]
    [InlineData("trace export latest --format perfetto -o -", "trace export")]
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

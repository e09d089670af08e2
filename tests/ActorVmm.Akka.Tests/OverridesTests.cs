using ActorVmm.Journal.Tests;
using ActorVmm.Workloads;
using Akka.Actor;

namespace ActorVmm.Akka.Tests;

/// <summary>The user's akka.hocon: what it says counts, and what makes no sense in it is refused with its line.</summary>
public sealed class OverridesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("actorvmm.dispatchers.process.throughput = 7", "actorvmm.dispatchers.process.throughput", "7")]
    [InlineData("actorvmm { dispatchers { process { throughput : 7 } } } // end", "actorvmm.dispatchers.process.throughput", "7")]
    [InlineData("# seven\n{ actorvmm.dispatchers { \"process\".throughput = 7 } }", "actorvmm.dispatchers.process.throughput", "7")]
    [InlineData("n = 7\nactorvmm.dispatchers.process.throughput = ${n} # seven", "actorvmm.dispatchers.process.throughput", "7")]
    [InlineData("actorvmm.dispatchers.process { throughput-deadline-time = 5ms }", "actorvmm.dispatchers.process.throughput-deadline-time", "5ms")]
    [InlineData("actorvmm.dispatchers.device.dedicated-thread-pool.deadlock-timeout = 5s", "actorvmm.dispatchers.device.dedicated-thread-pool.deadlock-timeout", "5s")]
    [InlineData("akka.loglevel = DEBUG", "akka.loglevel", "DEBUG")]
    [InlineData("akka.actor.debug { unhandled = on }\nmine = [ \"]\", { a = 1 } ]\nother = \"\"\"a\n\"b\" \"\"\"", "akka.actor.debug.unhandled", "on")]
    public void WhatItSaysCounts(string text, string path, string value) => Overrides.Of("akka.hocon", text).Configuration.GetString(path).ShouldBe(value);

    [Fact]
    public void TheFileInTheRepositoryIsTaken() =>
        Overrides.Read(ActorVmm.Machine.Tests.RepositoryFiles.PathOf("akka.hocon")).Configuration.GetInt("actorvmm.dispatchers.process.throughput").ShouldBe(32);

    [Theory]
    [InlineData("actorvmm.dispatchers.proces.throughput = 7", 1, "actorvmm.dispatchers.proces.throughput")]
    [InlineData("actorvmm {\n  dispatchers {\n    process {\n      troughput = 7\n    }\n  }\n}", 4, "actorvmm.dispatchers.process.troughput")]
    [InlineData("akka.loglevel = DEBUG\n\nactorvmm { journals = 1 }", 3, "actorvmm.journals")]
    [InlineData("actorvmm {\n  # } no\n  dispatchers {\n", 3, "never closed")]
    [InlineData("actorvmm { }\n}\n", 2, "closes nothing")]
    [InlineData("\nactorvmm.dispatchers.process.throughput\n", 2, "a key with its value")]
    [InlineData("\nactorvmm.dispatchers.process.throughput = \n", 2, "no value")]
    [InlineData("a = 1\nb { c { d = 1, }, }", 2, "Unknown token")]
    [InlineData("a = \"b\nc = 1", 1, "string is never closed")]
    [InlineData("a = [1,\n2", 1, "[ is never closed")]
    public void WhatMakesNoSenseIsRefusedWithItsLine(string text, long line, string said)
    {
        InputException refusal = Should.Throw<InputException>(() => Overrides.Of("akka.hocon", text));

        refusal.Place.ShouldBe(new Place("akka.hocon", line));
        refusal.Message.ShouldContain(said);
    }

    [Theory]
    [InlineData("\nactorvmm.dispatchers.process.throughput = many", 2)]
    [InlineData("akka.loglevel = INFO\n\nactorvmm.mailboxes.device.mailbox-type = \"No.Such, Akka\"", 3)]
    [InlineData("actorvmm.dispatchers.device.type = CarrierPigeon", 1)]
    [InlineData("actorvmm.recorder.min-backoff = 0s", 1)]
    [InlineData("\nactorvmm.recorder { max-backoff = 99ms }", 2)]
    [InlineData("actorvmm.recorder.min-backoff = soon", 1)]
    [InlineData("actorvmm.recorder.random-factor = 1.5", 1)]
    [InlineData("actorvmm.recorder.max-retries = -1", 1)]
    public void AValueThatAkkaCannotUseIsRefusedWithItsLine(string text, long line) =>
        Should.Throw<InputException>(() => Overrides.Of("akka.hocon", text).Start("refused").Dispose()).Place.ShouldBe(new Place("akka.hocon", line));

    [Fact]
    public void TheFirstFileThatIsThereCounts()
    {
        File.WriteAllText(_folder["second"], "actorvmm.dispatchers.process.throughput = 2");
        File.WriteAllText(_folder["third"], "actorvmm.dispatchers.process.throughput = 3");

        Overrides.Find([_folder["first"], _folder["second"], _folder["third"]]).Configuration.GetInt("actorvmm.dispatchers.process.throughput").ShouldBe(2);
        Overrides.Find([_folder["first"]]).ShouldBe(Overrides.None);
    }

    [Fact]
    public void AFileThatCannotBeReadIsRefused()
    {
        File.WriteAllBytes(_folder["bytes"], [0xFF, 0xFE, 0x80]);

        Should.Throw<InputException>(() => Overrides.Find([_folder["bytes"]])).Message.ShouldContain("UTF-8");
        Should.Throw<InputException>(() => Overrides.Read(_folder["."])).Place.File.ShouldBe(_folder["."]);
    }
}

namespace ActorVmm.Cli.Tests;

/// <summary>Where the build has no Akka.NET, whoever asks for it is told how to get it.</summary>
public sealed class AkkaRunTests
{
    [Theory]
    [InlineData("run first-look --host akka")]
    [InlineData("inspect first-look --host akka at 5 memusage")]
    public void ItSaysHowToGetIt(string line)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' '));

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Output.ShouldBeEmpty();
        ended.Error.TrimEnd().ShouldBe(
            "actorvmm: --host akka: this build is without Akka.NET. Where a package source has Akka 1.5.30, as nuget.org does, build with it: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli");
    }

    [Theory]
    [InlineData("campaign s.yaml --seeds 1..100 --nodes a:1,b:1 --journal none", "campaign --nodes")]
    [InlineData("campaign thrash --seeds 1..100 --nodes 2", "campaign --nodes")]
    [InlineData("campaign join 127.0.0.1:4000", "campaign join")]
    public void ACampaignOnManyNodesSaysSoToo(string line, string named)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' '));

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Output.ShouldBeEmpty();
        ended.Error.TrimEnd().ShouldBe(
            $"actorvmm: {named}: this build is without Akka.NET. Where a package source has Akka 1.5.30, as nuget.org does, build with it: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli");
    }

    [Fact]
    public void TheDoctorSaysSoToo() => Actorvmm.Run("doctor").Output.ReplaceLineEndings(" ").ShouldContain("-p:WithAkka=true");

    [Fact]
    public void AReplayNeedsNone()
    {
        Actorvmm.Ended ended = Actorvmm.Run("replay", "latest", "--host", "akka");

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Error.ShouldContain("needs no Akka.NET");
    }
}

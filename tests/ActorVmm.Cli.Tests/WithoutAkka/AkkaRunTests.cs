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

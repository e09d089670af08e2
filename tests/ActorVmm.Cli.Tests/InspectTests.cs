using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>A machine at one of its deliveries: the result on stdout, one document with --json.</summary>
public sealed class InspectTests
{
    [Fact]
    public void AViewIsTextOrOneDocument()
    {
        Actorvmm.Ended text = Actorvmm.Run("inspect", "first-look", "at", "3000", "memusage");
        text.Code.ShouldBe(ExitCode.Fine);
        text.Error.ShouldBeEmpty();
        text.Output.ShouldStartWith("seed 42, after delivery 3,000");
        text.Output.ShouldContain("Active/Valid:");

        Actorvmm.Ended json = Actorvmm.Run("inspect", "first-look", "at", "3000", "process", "true", "--seed", "7", "--json");
        json.Code.ShouldBe(ExitCode.Fine);
        JsonElement document = JsonDocument.Parse(json.Output).RootElement;
        document.GetProperty("v").GetInt32().ShouldBe(1);
        document.GetProperty("type").GetString().ShouldBe("view");
        document.GetProperty("view").GetString().ShouldBe("process");
        document.GetProperty("seed").GetInt32().ShouldBe(7);
        document.GetProperty("delivery").GetInt64().ShouldBe(3_000);
        document.GetProperty("name").GetString().ShouldBe("true");
    }

    [Fact]
    public void APlaceIsADeliveryATimeOrTheEnd()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", "1,2,3w,1");

        Actorvmm.Run("inspect", trace, "at", "end", "turn").Output.ShouldContain("turn:");
        Actorvmm.Run("inspect", trace, "at", "1ms", "messages").Code.ShouldBe(ExitCode.Fine);
        Actorvmm.Run("inspect", trace, "at", "0", "turn").Output.ShouldContain("nothing has happened yet");

        Actorvmm.Ended beyond = Actorvmm.Run("inspect", trace, "at", "1000000", "vm");
        beyond.Code.ShouldBe(ExitCode.NothingToDo);
        beyond.Error.ShouldContain("the run ends after delivery");
        beyond.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, "at now vm", "now")]
    [InlineData(2, "at 5 everything", "everything", "memusage")]
    [InlineData(2, "at 5 pfn", "<frame>")]
    [InlineData(2, "at 5 vm 3", "3")]
    [InlineData(2, "at 5 pfn zz", "hexadecimal")]
    [InlineData(2, "at 5 sections 3", "sections 3")]
    [InlineData(2, "from 5 vm", "from")]
    [InlineData(2, "", "terminal")]
    [InlineData(2, "at 5", "terminal")]
    [InlineData(4, "at 5 pfn ffffffff", "ffffffff")]
    [InlineData(4, "at 5 process nobody", "nobody")]
    public void WhatCannotBeShownIsSaidInOneSentence(int code, string line, params string[] said)
    {
        Actorvmm.Ended ended = Actorvmm.Run(["inspect", "demand-zero", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        ended.Code.ShouldBe((ExitCode)code);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldContainEach(said);
        ended.ShouldHoldNoStackTrace();
    }
}

using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>Rules of the kernel that are taken out, as a user sees it.</summary>
public sealed class KernelRuleTests
{
    [Fact]
    public void ARaceIsFoundOnTheRealKernel()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explore", "race:unzeroed-page", "--kernel", "--stop-on-first", "--journal", "none");

        ended.Code.ShouldBe(ExitCode.Found, ended.Error);
        ended.Output.ShouldContain("Promised: ZeroedMeansZero.");
        ended.Output.ShouldNotContain("actor-", Case.Sensitive, "processes have names, also when they have ended");
        ended.Output.ShouldContain("actorvmm explore races/zeroing --without zero-batch --delivery fifo --timers 0 --schedule ");
    }

    [Fact]
    public void WithTheRuleNothingIsFound()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explore", "race:unzeroed-page", "--kernel", "--fixed", "--journal", "none");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("0 of them broke a promise");
    }

    [Fact]
    public void TheCommandToPasteShowsTheFindingAgain()
    {
        Actorvmm.Ended found = Actorvmm.Run("explore", "races/watchmen", "--without", "guard-once", "--timers", "0", "--stop-on-first", "--journal", "none", "--json");
        using JsonDocument summary = JsonDocument.Parse(found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        string replay = summary.RootElement.GetProperty("findings")[0].GetProperty("replay").GetString()!;

        Actorvmm.Ended again = Actorvmm.Run([.. replay.Split(' ')[1..], "--journal", "none"]);

        again.Code.ShouldBe(ExitCode.Found, again.Error);
        again.Output.ShouldContain("AGuardFiresOnce");
    }

    [Fact]
    public void TheRulesAreListedBelowTheRaces()
    {
        Actorvmm.Ended ended = Actorvmm.Run("races", "--json");

        using JsonDocument list = JsonDocument.Parse(ended.Output);
        list.RootElement.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()).ShouldContain("redirtied-page");
        list.RootElement.GetProperty("races")[0].GetProperty("rule").GetString().ShouldBe("collided-fault");
        list.RootElement.GetProperty("races")[11].GetProperty("rule").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("explore race:dirty-cow --kernel", "the kernel does not contain what dirty-cow is about")]
    [InlineData("explore small-scope --kernel", "--kernel is for races")]
    [InlineData("explore race:unzeroed-page --kernel --exhaustive --certificate x.json", "--certificate is about the kernel as it is")]
    [InlineData("explore races/zeroing --without nothing", "--without: expected")]
    public void WhatMakesNoSenseIsRefused(string line, string words)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' '));

        ended.Code.ShouldBe(ExitCode.WrongUsage, ended.Output);
        ended.Error.ShouldContain(words);
    }
}

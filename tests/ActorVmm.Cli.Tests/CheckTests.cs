using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary><c>actorvmm check</c>, as a user sees it.</summary>
public sealed class CheckTests
{
    private const string Passing = """{"id":"good","source":"o/r:p:f","area":"alloc","arch":"x64","level":"nt","steps":[{"op":"reserve","args":{"base":null,"size":"0x1000","protect":"PAGE_READWRITE","out":"$a"},"expect":{"status":"STATUS_SUCCESS","value":{"base_align":"0x10000"}}},{"op":"release","args":{"base":"$a","size":"0x0"},"expect":{"status":"STATUS_SUCCESS"}}]}""";
    private const string Failing = """{"id":"wrong","source":"o/r:p:f","area":"free","arch":"x64","level":"nt","note":"nothing is there","steps":[{"op":"release","args":{"base":"0x50000000","size":"0x0"},"expect":{"status":"STATUS_SUCCESS"}}]}""";
    private const string Unsupported = """{"id":"later","source":"o/r:p:f","area":"alloc","arch":"x64","level":"nt","steps":[{"op":"allocate","args":{"base":null,"size":"0x1000","type":"MEM_RESERVE","protect":"0x100000004"},"expect":{"status":"STATUS_SUCCESS"}}]}""";

    [Fact]
    public void AllPassedIsExitZero()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("check", folder.Write("cases.jsonl", Passing));
        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Output.ShouldContain("1 of 1 case passed");
        ended.Error.ShouldBeEmpty();
    }

    [Fact]
    public void WhatFailedIsExplained()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("cases.jsonl", Passing + "\n" + Failing + "\n");
        Actorvmm.Ended ended = Actorvmm.Run("check", path);
        ended.Code.ShouldBe(ExitCode.Found);
        ended.Output.ShouldContain("failed: wrong (free, x64), step 1 of 1: release");
        ended.Output.ShouldContain("expected  STATUS_SUCCESS");
        ended.Output.ShouldContain("got       STATUS_MEMORY_NOT_ALLOCATED");
        ended.Output.ShouldContain("nothing is there");
        ended.Output.ShouldMatch(@"cases\.jsonl:2:\d+");
        ended.Output.ShouldContain("1 of 2 cases passed");
    }

    [Fact]
    public void WhatIsUnsupportedIsNotPassed()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("check", folder.Write("cases.jsonl", Passing + "\n" + Unsupported));
        ended.Code.ShouldBe(ExitCode.Found);
        ended.Output.ShouldContain("arguments of more than 32 bits (1 run)");
    }

    [Fact]
    public void TheSummaryHasWhatIsPromised()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("check", "--json", folder.Write("a.jsonl", Passing), folder.Write("b.jsonl", Failing + "\n" + Unsupported));
        ended.Code.ShouldBe(ExitCode.Found);
        string[] lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonDocument.Parse(lines[0]).RootElement.GetProperty("type").GetString().ShouldBe("finding");
        JsonElement summary = JsonDocument.Parse(lines[^1]).RootElement;
        summary.GetProperty("v").GetInt32().ShouldBe(1);
        summary.GetProperty("type").GetString().ShouldBe("summary");
        summary.GetProperty("passed").GetInt32().ShouldBe(1);
        summary.GetProperty("failed").GetInt32().ShouldBe(1);
        summary.GetProperty("unsupported").GetInt32().ShouldBe(1);
        JsonElement[] cases = [.. summary.GetProperty("cases").EnumerateArray()];
        cases.Select(one => one.GetProperty("id").GetString()).ShouldBe(["good", "wrong", "later"]);
        cases.Select(one => one.GetProperty("outcome").GetString()).ShouldBe(["passed", "failed", "unsupported"]);
        cases[0].GetProperty("step").GetInt32().ShouldBe(0);
        cases[1].GetProperty("step").GetInt32().ShouldBe(1);
        cases[1].GetProperty("expected").GetString().ShouldBe("STATUS_SUCCESS");
        cases[1].GetProperty("actual").GetString().ShouldBe("STATUS_MEMORY_NOT_ALLOCATED");
        cases[1].GetProperty("runs").GetProperty("x64").GetString().ShouldBe("failed");
    }

    [Fact]
    public void CasesComeFromStandardInput()
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("check", "-", "--json") { Input = Passing + "\n" });
        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Output.ShouldContain("\"passed\":1");
    }

    [Theory]
    [InlineData("free", "0 of 1 case passed")]
    [InlineData("good", "1 of 1 case passed")]
    public void OnlyChoosesAnAreaOrACase(string only, string said)
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("check", folder.Write("cases.jsonl", Passing + "\n" + Failing), "--only", only);
        ended.Output.ShouldContain(said);
    }

    [Fact]
    public void NoCaseIsExitFour()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended nobody = Actorvmm.Run("check", folder.Write("cases.jsonl", Passing + "\n" + Failing), "--only", "image");
        nobody.Code.ShouldBe(ExitCode.NothingToDo);
        nobody.Error.ShouldContain("areas are alloc, free");
        Actorvmm.Run("check", folder.Write("empty.jsonl", "\n")).Code.ShouldBe(ExitCode.NothingToDo);
    }

    [Fact]
    public void BadInputIsExitThreeWithItsPlace()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("bad.jsonl", Passing + "\n" + Failing.Replace("\"0x50000000\"", "\"0x5z\"", StringComparison.Ordinal));
        Actorvmm.Ended ended = Actorvmm.Run("check", path);
        ended.Code.ShouldBe(ExitCode.InputRejected);
        ended.Error.ShouldMatch(@"bad\.jsonl:2:\d+: expected a number");
        ended.Output.ShouldBeEmpty("nothing is run before everything is read");
        ended.ShouldHoldNoStackTrace();
        Actorvmm.Run("check", Path.Combine(folder.Path, "missing.jsonl")).Code.ShouldBe(ExitCode.InputRejected);
        Actorvmm.Run("check", folder.Path).Code.ShouldBe(ExitCode.InputRejected);
    }
}

using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>What is no case is refused, where it stands.</summary>
public sealed class CaseFileTests
{
    private const string Sound = """{"op":"reserve","args":{"base":null,"size":"0x1000","protect":"PAGE_READWRITE","out":"$a"},"expect":{"status":"STATUS_SUCCESS"}}""";

    [Theory]
    [InlineData("size\":\"0x1000", "size\":\"0x10g0", "0x10g0", "\"0x10g0\"")]
    [InlineData("size\":\"0x1000\"", "size\":-1", "whole number", "-1")]
    [InlineData("size\":\"0x1000\"", "size\":1.5", "whole number", "1.5")]
    [InlineData("size\":\"0x1000\"", "size\":\"0x10000000000000000\"", "expected a number", "\"0x1000000")]
    [InlineData("size\":", "sice\":", "did you mean `size`?", "\"0x1000\"")]
    [InlineData("\"reserve\"", "\"reserv\"", "did you mean `reserve`?", "\"reserv\"")]
    [InlineData("PAGE_READWRITE", "PAGE_READWRIT", "did you mean `PAGE_READWRITE`?", "\"PAGE_READWRIT\"")]
    [InlineData("STATUS_SUCCESS", "SUCCESS", "STATUS_SUCCESS", "\"SUCCESS\"")]
    [InlineData("\"$a\"", "\"$a+0x1\"", "a symbol", "\"$a+0x1\"")]
    [InlineData("\"$a\"", "\"a\"", "a symbol", "\"a\"")]
    [InlineData("{\"status\":\"STATUS_SUCCESS\"}", "{}", "exactly one of", "{}}")]
    [InlineData("{\"status\":\"STATUS_SUCCESS\"}", "{\"status\":\"STATUS_A\",\"status_any\":[]}", "exactly one of", "{\"status\"")]
    [InlineData("\"status\"", "\"statuz\"", "did you mean `status`?", "\"STATUS_SUCCESS\"")]
    [InlineData("\"op\":\"reserve\",", "", "misses `op`", "{\"args\"")]
    [InlineData("\"x64\"", "\"arm64\"", "architecture", "\"arm64\"")]
    [InlineData("\"nt\"", "\"native\"", "nt or win32", "\"native\"")]
    [InlineData("\"id\":\"one\",", "", "misses `id`", "{\"source\"")]
    [InlineData("\"area\":", "\"area\":1,\"area\":", "twice", "\"area\":\"alloc\"")]
    [InlineData("null", "nul", "is no JSON", "nul,")]
    public void ACaseIsRefusedWithItsPlace(string sound, string wrong, string said, string at)
    {
        string line = Cases.Line(Sound);
        line.ShouldContain(sound);
        string bad = line.Replace(sound, wrong, StringComparison.Ordinal);
        InputException refused = Should.Throw<InputException>(() => Cases.Read("\n" + line.Replace("one", "two", StringComparison.Ordinal) + "\r\n" + bad));

        refused.Message.ShouldContain(said);
        refused.Place.Line.ShouldBe(3);
        if (said is not "is no JSON")
        {
            bad[(int)(refused.Place.Column - 1)..].ShouldStartWith(at);
        }
        else
        {
            refused.Place.Column.ShouldBeInRange(1, bad.Length);
        }
    }

    [Theory]
    [InlineData("""{"id":"one"}""", "misses")]
    [InlineData("[]", "expected an object")]
    [InlineData("12", "expected an object")]
    [InlineData("{", "is no JSON")]
    [InlineData("{\"id\":\"\\ud800\"}", "UTF-8")]
    [InlineData("{} {}", "after a single JSON value")]
    public void ALineThatIsNoCaseIsRefused(string line, string said) => Should.Throw<InputException>(() => Cases.Read(line)).Message.ShouldMatch("^cases:1:[0-9]+: .*" + said);

    [Fact]
    public void DeepNestingIsRefused() => Should.Throw<InputException>(() => Cases.Read(new string('[', 100_000))).Place.Line.ShouldBe(1);

    [Fact]
    public void AnEndlessLineIsRefused() =>
        Should.Throw<InputException>(() => Cases.Read(new string(' ', LineStream.LongestLine + 1) + "{}")).Message.ShouldBe("cases:1: a line of more than 4 MiB is no case");

    [Fact]
    public void AnIdStandsOnceInAFile() =>
        Should.Throw<InputException>(() => Cases.Read(Cases.Line(Sound) + "\n\n" + Cases.Line(Sound))).Message.ShouldBe("cases:3:7: line 1 has a case of this id already: \"one\"");

    [Fact]
    public void CasesAreReadAsTheyAreAskedFor()
    {
        string text = Cases.Line(Sound) + "\nnonsense";
        CaseFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "cases").First().Id.ShouldBe("one");
    }

    [Fact]
    public void AByteOrderMarkAndBlankLinesAreNoCases() => Cases.Read("\uFEFF" + Cases.Line(Sound) + "\n \n").ShouldHaveSingleItem();

    [Theory]
    [InlineData("", WindowsVersion.Windows10Release1903)]
    [InlineData(",\"os\":\"win8+\"", WindowsVersion.Windows10Release1903)]
    [InlineData(",\"os\":\"win10+\"", WindowsVersion.Windows10Release1903)]
    [InlineData(",\"os\":\"<=win7\"", WindowsVersion.Windows7)]
    [InlineData(",\"os\":\"<=vista\"", WindowsVersion.Vista)]
    [InlineData(",\"os\":\"<=win8.1\"", WindowsVersion.Windows81)]
    [InlineData(",\"os\":\"<=win10\"", WindowsVersion.Windows10Release1507)]
    public void ACaseRunsAsTheNewestVersionOfItsRange(string range, WindowsVersion version) => Cases.Read(Cases.Line(Sound, range)).ShouldHaveSingleItem().Version.ShouldBe(version);

    [Theory]
    [InlineData("win7")]
    [InlineData("win11+")]
    [InlineData(">=win7")]
    public void AnUnknownRangeIsRefused(string range) => Should.Throw<InputException>(() => Cases.Read(Cases.Line(Sound, $",\"os\":\"{range}\""))).Message.ShouldContain(range);

    [Fact]
    public void WhatIsGivenIsRead()
    {
        ConformanceCase one = Cases.Read(Cases.Line(Sound, ""","arch_also":["x86","x64"],"mode":"kernel-caller","given":{"free_range":["0x30000000","0x30040000"],"dep":"off","commit_limit_below":"0x40000000"}""")).ShouldHaveSingleItem();
        one.FreeRange.ShouldBe((0x3000_0000UL, 0x3004_0000UL));
        one.DataExecutionPrevention.ShouldBeFalse();
        one.CommitLimitBelow.ShouldBe(0x4000_0000UL);
        one.Architectures.ShouldBe([Architecture.X64, Architecture.X86]);
        one.KernelCaller.ShouldBeTrue();
    }
}

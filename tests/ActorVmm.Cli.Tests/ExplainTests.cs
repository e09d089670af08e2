using System.Text.Json;
using ActorVmm.Cli.Explaining;
using ActorVmm.Machine.Tests;
using ActorVmm.Protocol;

namespace ActorVmm.Cli.Tests;

/// <summary>explain of error codes: what they mean, and where the source gives them.</summary>
public sealed class ExplainTests
{
    [Theory]
    [InlineData("0xC0000005", "0xC0000005 STATUS_ACCESS_VIOLATION", "src/ActorVmm.Kernel/Calls/CallChecks.cs")]
    [InlineData("status_commitment_limit", "0xC000012D STATUS_COMMITMENT_LIMIT", "src/ActorVmm.Kernel/SystemSpaces/SystemSpace.cs")]
    [InlineData("0x4e", "0x4E PFN_LIST_CORRUPT (bug check", "src/ActorVmm.Kernel/Frames/FrameLists.cs")]
    [InlineData("PROCESS_HAS_LOCKED_PAGES", "0x76 PROCESS_HAS_LOCKED_PAGES (bug check", "never gives it")]
    public void ACodeIsExplained(string code, string named, string place)
    {
        Actorvmm.Ended ended = Actorvmm.Run("explain", code);

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldStartWith(named);
        ended.Output.ShouldContain(place);
    }

    [Fact]
    public void ProgramsGetTheSame()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explain", "0x1A", "--json");

        JsonElement answer = JsonDocument.Parse(ended.Output).RootElement;
        (answer.GetProperty("kind").GetString(), answer.GetProperty("name").GetString()).ShouldBe(("bugCheck", "MEMORY_MANAGEMENT"));
        answer.GetProperty("places").GetArrayLength().ShouldBeGreaterThan(0);
        Actorvmm.Run("explain", "0x12345678").Code.ShouldBe(ExitCode.NothingToDo);
    }

    [Fact]
    public void EveryStatusHasWordsOnce() =>
        StatusCodes.All.Select(code => code.Status).Order().ShouldBe(Enum.GetValues<NtStatus>().Order());

    [Fact]
    public void EveryPlaceGivesItsCode()
    {
        string source = RepositoryFiles.PathOf("src");
        foreach (StatusCode code in StatusCodes.All)
        {
            foreach (string place in code.Places)
            {
                File.ReadAllText(Path.Combine(source, place)).ShouldContain("NtStatus." + code.Status, Case.Sensitive, $"{place} gives {code.Name}");
            }
        }

        foreach (BugCheck check in BugChecks.All)
        {
            foreach (string place in check.Places)
            {
                File.ReadAllText(Path.Combine(source, place)).ShouldContain(FormattableString.Invariant($"0x{check.Code:X}"), Case.Sensitive, $"{place} gives {check.Name}");
            }
        }
    }
}

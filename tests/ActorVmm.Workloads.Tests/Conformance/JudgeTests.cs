using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>Each rule of judging, with an answer that keeps it and one that does not.</summary>
public sealed class JudgeTests
{
    private readonly Symbols _symbols = new(Architecture.X64, new FixedSession());

    public JudgeTests() => _symbols.Bind("$a", 0x7000_0000);

    [Theory]
    [InlineData("""{"status":"STATUS_NO_MEMORY"}""", NtStatus.NoMemory, true)]
    [InlineData("""{"status":"STATUS_NO_MEMORY"}""", NtStatus.Success, false)]
    [InlineData("""{"status":"STATUS_SUCCESS"}""", NtStatus.ImageNotAtBase, false)]
    [InlineData("""{"status_any":["STATUS_NO_MEMORY","STATUS_INVALID_PARAMETER"]}""", NtStatus.InvalidParameter, true)]
    [InlineData("""{"status_any":["STATUS_NO_MEMORY","STATUS_INVALID_PARAMETER"]}""", NtStatus.InvalidParameter3, false)]
    public void TheStatusIsTheOneOrOneOfTheList(string expected, NtStatus status, bool passes) => Passes(expected, CallAnswer.Of(status)).ShouldBe(passes);

    [Theory]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.SectionProtection, true)]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.InvalidParameter10, true)]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.UnableToFreeVm, true)]
    [InlineData("ERROR_INVALID_ADDRESS", NtStatus.MemoryNotAllocated, true)]
    [InlineData("ERROR_ACCESS_DENIED", NtStatus.AlreadyCommitted, true)]
    [InlineData("ERROR_NOACCESS", NtStatus.AccessViolation, true)]
    [InlineData("ERROR_PARTIAL_COPY", NtStatus.PartialCopy, true)]
    [InlineData("ERROR_INVALID_HANDLE", NtStatus.InvalidHandle, true)]
    [InlineData("ERROR_BAD_EXE_FORMAT", NtStatus.InvalidImageNotMz, true)]
    [InlineData("ERROR_MAPPED_ALIGNMENT", NtStatus.MappedAlignment, true)]
    [InlineData("ERROR_USER_MAPPED_FILE", NtStatus.UserMappedFile, true)]
    [InlineData("ERROR_SHARING_VIOLATION", NtStatus.SharingViolation, true)]
    [InlineData("ERROR_INVALID_USER_BUFFER", NtStatus.InvalidUserBuffer, true)]
    [InlineData("ERROR_FILE_NOT_FOUND", NtStatus.ObjectNameNotFound, true)]
    [InlineData("ERROR_NOT_ENOUGH_MEMORY", NtStatus.NoMemory, true)]
    [InlineData("ERROR_COMMITMENT_LIMIT", NtStatus.CommitmentLimit, true)]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.ConflictingAddresses, false)]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.Success, false)]
    [InlineData("ERROR_INVALID_PARAMETER", NtStatus.GuardPageViolation, false)]
    public void ADerivedStatusMayBeAnotherThatBecomesTheSameError(string error, NtStatus status, bool passes)
    {
        Passes($$"""{"status":"STATUS_NOT_LOCKED","win32_error":"{{error}}","status_derived":true}""", CallAnswer.Of(status)).ShouldBe(passes);
        Passes($$"""{"status":"STATUS_NOT_LOCKED","win32_error_any":["ERROR_ALREADY_EXISTS","{{error}}"],"status_derived":true}""", CallAnswer.Of(status)).ShouldBe(passes);
        Passes($$"""{"status":"STATUS_NOT_LOCKED","win32_error":"{{error}}"}""", CallAnswer.Of(status)).ShouldBeFalse("the status itself was asserted");
        Passes($$"""{"status":"STATUS_NOT_LOCKED","win32_error":"{{error}}","status_derived":true}""", CallAnswer.Of(NtStatus.NotLocked)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"status":"STATUS_SUCCESS","value":{"size":"0x1000"}}""", NtStatus.Success, true)]
    [InlineData("""{"status":"STATUS_NO_MEMORY","value":{"size":"0x1000"}}""", NtStatus.NoMemory, true)]
    [InlineData("""{"status_any":["STATUS_SUCCESS","STATUS_NO_MEMORY"],"value":{"size":"0x1000"}}""", NtStatus.Success, true)]
    [InlineData("""{"status_any":["STATUS_SUCCESS","STATUS_NO_MEMORY"],"value":{"size":"0x1000"}}""", NtStatus.NoMemory, false)]
    [InlineData("""{"status_any":["STATUS_IMAGE_NOT_AT_BASE","STATUS_NO_MEMORY"],"value":{"size":"0x1000"}}""", NtStatus.NoMemory, false)]
    [InlineData("""{"status":"STATUS_NO_MEMORY","win32_error":"ERROR_INVALID_PARAMETER","status_derived":true,"value":{"size":"0x1000"}}""", NtStatus.InvalidParameter, true)]
    public void OutputsAreComparedWhenTheCallSucceededOrMustFail(string expected, NtStatus status, bool compared)
    {
        Passes(expected, CallAnswer.Of(status, ("size", 0x1000UL))).ShouldBeTrue();
        Passes(expected, CallAnswer.Of(status, ("size", 0x2000UL))).ShouldBe(!compared);
    }

    [Fact]
    public void EveryListedOutputMatchesAndOthersAreNotLookedAt()
    {
        const string Expected = """{"status":"STATUS_SUCCESS","value":{"base":"$a","size":"0x1000"}}""";
        Passes(Expected, CallAnswer.Of(NtStatus.Success, ("base", 0x7000_0000UL), ("size", 0x1000UL), ("type", 0x2_0000UL))).ShouldBeTrue();
        Passes(Expected, CallAnswer.Of(NtStatus.Success, ("base", 0x7000_0000UL), ("size", 0x2000UL))).ShouldBeFalse();
        Passes(Expected, CallAnswer.Of(NtStatus.Success, ("base", 0x7000_0000UL))).ShouldBeFalse("an output that is missing does not match");
    }

    [Theory]
    [InlineData("\"0x1000\"", 0x1000)]
    [InlineData("\"0x01000\"", 0x1000)]
    [InlineData("4096", 0x1000UL)]
    [InlineData("null", 0UL)]
    [InlineData("\"0\"", 0)]
    [InlineData("true", 1UL)]
    [InlineData("\"$a+0x1001\"", 0x7000_1001)]
    [InlineData("\"$a-0x10000\"", 0x6FFF_0000)]
    [InlineData("\"$max_user\"", 0x7FFF_FFFE_FFFF)]
    public void NumbersAreComparedByValue(string written, ulong number)
    {
        string expected = $$$"""{"status":"STATUS_SUCCESS","value":{"base":{{{written}}}}}""";
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("base", number))).ShouldBeTrue();
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("base", number + 1))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("PAGE_READWRITE|PAGE_GUARD")]
    [InlineData("PAGE_GUARD|PAGE_READWRITE")]
    public void FlagsAreSets(string written)
    {
        string expected = $$$"""{"status":"STATUS_SUCCESS","value":{"protect":"{{{written}}}"}}""";
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("protect", 0x104UL))).ShouldBeTrue();
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("protect", 0x4UL))).ShouldBeFalse();
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("protect", 0x304UL))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("base_align", "0x10000", 0x7000_0000, 0x7000_8000)]
    [InlineData("base_below", "0x20000000", 0x1FFF_FFFF, 0x2000_0000)]
    [InlineData("base_at_least", "0x10000", 0x1_0000, 0xFFFF)]
    [InlineData("base_ne", "$a", 0x7000_0001, 0x7000_0000)]
    [InlineData("end_at_most", "0x20001000", 0x1FFF_1000, 0x1FFF_2000)]
    public void AChosenBaseKeepsItsConstraints(string constraint, string bound, ulong kept, ulong broken)
    {
        string expected = $$$"""{"status":"STATUS_SUCCESS","value":{"{{{constraint}}}":"{{{bound}}}"}}""";
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("base", kept), ("size", 0x1_0000UL))).ShouldBeTrue();
        Passes(expected, CallAnswer.Of(NtStatus.Success, ("base", broken), ("size", 0x1_0000UL))).ShouldBeFalse();
        Passes(expected, CallAnswer.Of(NtStatus.Success)).ShouldBeFalse();
    }

    [Fact]
    public void SizesAndDifferencesHaveConstraintsToo()
    {
        Passes("""{"status":"STATUS_SUCCESS","value":{"size_at_least":"0x3000"}}""", CallAnswer.Of(NtStatus.Success, ("size", 0x3000UL))).ShouldBeTrue();
        Passes("""{"status":"STATUS_SUCCESS","value":{"size_at_least":"0x3000"}}""", CallAnswer.Of(NtStatus.Success, ("size", 0x2FFFUL))).ShouldBeFalse();
        Passes("""{"status":"STATUS_SUCCESS","value":{"virtual_size_delta_at_least":"0x1000"}}""", CallAnswer.Of(NtStatus.Success, ("virtual_size_delta", new Output(-0x1000)))).ShouldBeFalse();
        Passes("""{"status":"STATUS_SUCCESS","value":{"virtual_size_delta":"-0x1000"}}""", CallAnswer.Of(NtStatus.Success, ("virtual_size_delta", new Output(-0x1000)))).ShouldBeTrue();
    }

    [Fact]
    public void AnAlternativeMatchesAsAWholeAndBesideTheValues()
    {
        const string Expected = """{"status":"STATUS_SUCCESS","value":{"size":"0x1000"},"value_any":[{"data":"0x55","state":"MEM_COMMIT"},{"data":"0x0","state":"MEM_RESERVE"}]}""";
        Passes(Expected, Answer(0x1000, 0x55, 0x1000)).ShouldBeTrue();
        Passes(Expected, Answer(0x1000, 0, 0x2000)).ShouldBeTrue();
        Passes(Expected, Answer(0x1000, 0x55, 0x2000)).ShouldBeFalse("a half of each is no alternative");
        Passes(Expected, Answer(0x2000, 0x55, 0x1000)).ShouldBeFalse("the values must match besides");

        static CallAnswer Answer(ulong size, ulong data, ulong state) => CallAnswer.Of(NtStatus.Success, ("size", size), ("data", data), ("state", state));
    }

    [Fact]
    public void ListsAreComparedInOrder()
    {
        const string Expected = """{"status":"STATUS_SUCCESS","value":{"pages":["$a","$a+0x1000"]}}""";
        Passes(Expected, Pages(0x7000_0000, 0x7000_1000)).ShouldBeTrue();
        Passes(Expected, Pages(0x7000_1000, 0x7000_0000)).ShouldBeFalse();
        Passes(Expected, Pages(0x7000_0000)).ShouldBeFalse();
        Passes("""{"status":"STATUS_SUCCESS","value":{"pages":[]}}""", Pages()).ShouldBeTrue();
        Passes("""{"status":"STATUS_SUCCESS","value":{"pages":[]}}""", CallAnswer.Of(NtStatus.Success, ("pages", 0UL))).ShouldBeFalse();

        static CallAnswer Pages(params ulong[] pages) => CallAnswer.Of(NtStatus.Success, ("pages", Output.Of(pages)));
    }

    [Fact]
    public void WordsAreComparedAsTheyAre()
    {
        const string Expected = """{"status":"STATUS_ACCESS_VIOLATION","value":{"fault_kind":"execute"}}""";
        Passes(Expected, CallAnswer.Of(NtStatus.AccessViolation, ("fault_kind", "execute"))).ShouldBeTrue();
        Passes(Expected, CallAnswer.Of(NtStatus.AccessViolation, ("fault_kind", "read"))).ShouldBeFalse();
    }

    [Fact]
    public void ADisagreementIsSaidInWordsOfTheCase()
    {
        var wrong = Judge.Check(
            Cases.Expected("""{"status":"STATUS_SUCCESS","value":{"protect":"PAGE_READONLY","state":"MEM_COMMIT"}}"""),
            CallAnswer.Of(NtStatus.Success, ("protect", 0x104UL)),
            _symbols);
        wrong.ShouldBe(new Disagreement("protect PAGE_READONLY", "protect PAGE_READWRITE|PAGE_GUARD"));
        Judge.Check(Cases.Expected("""{"status":"STATUS_SUCCESS","value":{"base":"$a+0x1000"}}"""), CallAnswer.Of(NtStatus.Success, ("base", 1UL)), _symbols)
            .ShouldBe(new Disagreement("base $a+0x1000 = 0x70001000", "base 0x1"));
        Judge.Check(Cases.Expected("""{"status_any":["STATUS_SUCCESS","STATUS_NO_MEMORY"]}"""), CallAnswer.Of(NtStatus.AccessDenied), _symbols)
            .ShouldBe(new Disagreement("STATUS_SUCCESS or STATUS_NO_MEMORY", "STATUS_ACCESS_DENIED"));
    }

    [Fact]
    public void ASymbolThatNobodyBoundIsSaid() =>
        Should.Throw<SymbolException>(() => Passes("""{"status":"STATUS_SUCCESS","value":{"base":"$b"}}""", CallAnswer.Of(NtStatus.Success, ("base", 0UL)))).MachineLacksIt.ShouldBeFalse();

    private bool Passes(string expected, CallAnswer answer) => Judge.Check(Cases.Expected(expected), answer, _symbols) is null;
}

using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>Arguments with their symbols replaced and their defaults filled in.</summary>
public sealed class CallBinderTests
{
    private readonly Symbols _symbols = new(Architecture.X86, new FixedSession());

    public CallBinderTests() => _symbols.Bind("$a", 0x5000_0000);

    [Fact]
    public void NamesOfAllocationsAreTheirTypes()
    {
        Bind("reserve", """{"base":"$a+0x1001","size":"0x10","protect":"PAGE_READWRITE","type":"MEM_TOP_DOWN"}""").ShouldBe(new AllocateCall(0x5000_1001, 0x10, 0, 0x10_2000, 4));
        Bind("commit", """{"base":null,"size":"0x10","protect":"PAGE_READONLY","zero_bits":21}""").ShouldBe(new AllocateCall(0, 0x10, 21, 0x1000, 2));
        Bind("reserve+commit", """{"base":null,"size":"$max_pointer","protect":"0xffffffff"}""").ShouldBe(new AllocateCall(0, 0xFFFF_FFFF, 0, 0x3000, 0xFFFF_FFFF));
        Bind("reset", """{"base":"$a","size":"0x1000","protect":"PAGE_NOACCESS"}""").ShouldBe(new AllocateCall(0x5000_0000, 0x1000, 0, 0x8_0000, 1));
        Bind("allocate", """{"base":null,"size":"0x1000","protect":"0","type":"0"}""").ShouldBe(new AllocateCall(0, 0x1000, 0, 0, 0));
    }

    [Fact]
    public void ExtendedParametersKeepTheirForm()
    {
        var call = Bind("allocate", """{"ex":true,"base":null,"size":"0x1","protect":"PAGE_NOACCESS","type":"MEM_RESERVE","ext":[{"type":"AddressRequirements","lowest":null,"highest":"$max_user","alignment":"0x0"},{"type":"Max"},{"type":"Invalid0"},{"type":"AttributeFlags","value":64}]}""")
            .ShouldBeOfType<AllocateCall>();
        call.Extended!.Count.ShouldBe(4UL);
        call.Extended.Array.ShouldBe([new AddressRequirements(0, 0x7FFE_FFFF, 0), new UnknownParameter(true), new UnknownParameter(false), new AttributeFlags(64)]);

        var nothing = Bind("allocate", """{"ex":true,"base":null,"size":"0x1","protect":"PAGE_NOACCESS","type":"MEM_RESERVE","ext":null,"ext_count":1}""").ShouldBeOfType<AllocateCall>();
        nothing.Extended.ShouldBe(new ExtendedParameters(null, 1));
    }

    [Fact]
    public void WhoActsAndWhereIsPartOfEveryCall()
    {
        _symbols.Bind("$t", 0x99);
        var call = Bind("free", """{"process":"other","thread":"$t","null_output":"all","type":"MEM_DECOMMIT|MEM_RELEASE"}""");
        call.ShouldBe(new FreeCall(0, 0, 0xC000) { Process = ProcessHandle.Other, Thread = 0x99, NullOutputs = NullOutputs.All });
        Bind("query", """{"addr":"0x10000","process":null}""").Process.ShouldBe(ProcessHandle.Null);
        Bind("query", """{"addr":"0x10000","process":"minus-one"}""").Process.ShouldBe(ProcessHandle.MinusOne);
        Bind("query", """{"addr":"0x10000"}""").Process.ShouldBe(ProcessHandle.Self);
    }

    [Theory]
    [InlineData("\"size-1\"", BufferForm.Size, -1, "")]
    [InlineData("\"size+1\"", BufferForm.Size, 1, "")]
    [InlineData("\"header+16\"", BufferForm.Header, 16, "")]
    [InlineData("\"0x18\"", BufferForm.Bytes, 0x18, "")]
    [InlineData("24", BufferForm.Bytes, 24, "")]
    [InlineData("\"up_to:CommitSize\"", BufferForm.UpTo, 0, "CommitSize")]
    public void ABufferIsRelativeToWhatItSays(string written, BufferForm form, long bytes, string member) =>
        Bind("query-region", $$"""{"addr":"$a","buffer":{{written}}}""").Buffer.ShouldBe(new BufferLength(form, bytes, member));

    [Fact]
    public void HandlesAreBoundOrTheirOwnWords()
    {
        _symbols.Bind("$s", 0x44);
        Bind("close", """{"handle":"$s"}""").ShouldBe(new CloseCall(new HandleValue(HandleKind.Bound, 0x44)));
        Bind("close", """{"handle":"bad"}""").ShouldBe(new CloseCall(new HandleValue(HandleKind.Bad)));
        Bind("close", """{"handle":"minus-one"}""").ShouldBe(new CloseCall(new HandleValue(HandleKind.MinusOne)));
        Bind("close", """{"handle":null}""").ShouldBe(new CloseCall(new HandleValue(HandleKind.Null)));
    }

    [Fact]
    public void ASizeThatIsNullIsNoPointer()
    {
        Bind("create-section", """{"file":null,"size":null,"protect":"PAGE_READONLY","attributes":"SEC_COMMIT"}""").ShouldBeOfType<CreateSectionCall>().Size.ShouldBeNull();
        Bind("create-section", """{"file":null,"size":"0x0","protect":"PAGE_READONLY","attributes":"SEC_COMMIT"}""").ShouldBeOfType<CreateSectionCall>().Size.ShouldBe(0UL);
    }

    [Fact]
    public void TheFileSizeIsThatOfTheFileOfTheStep()
    {
        _symbols.Bind("$f", 0x55);
        Bind("create-section", """{"file":"$f","size":"$file_size-0x2","protect":"PAGE_READONLY","attributes":"SEC_IMAGE"}""")
            .ShouldBeOfType<CreateSectionCall>().Size.ShouldBe(FixedSession.FileLength - 2);
        Should.Throw<SymbolException>(() => Bind("set-file-size", """{"file":null,"size":"$file_size"}"""));
    }

    [Fact]
    public void AnUnboundSymbolIsSaidAndOneThatTheMachineLacksIsToldApart()
    {
        Should.Throw<SymbolException>(() => Bind("read", """{"addr":"$b","width":1}""")).MachineLacksIt.ShouldBeFalse();
        Should.Throw<SymbolException>(() => Bind("read", """{"addr":"$a.nothing","width":1}""")).MachineLacksIt.ShouldBeTrue();
    }

    [Fact]
    public void AThreadsStackIsAskedForAtEachUse()
    {
        _symbols.Bind("$t", 0x10_0000);
        Bind("read", """{"addr":"$t.limit-0x800","width":1}""").ShouldBe(new AccessCall(AccessKind.Read, 0x1E_F800, 1, 0));
    }

    [Fact]
    public void EveryOperationHasACall()
    {
        foreach (string operation in Vocabulary.OperationNames)
        {
            Should.NotThrow(() => Bind(operation, "{}"), operation);
        }
    }

    [Theory]
    [InlineData("$a", "$a")]
    [InlineData("$a+0x1001", "$a+0x1001")]
    [InlineData("$t.limit-0x800", "$t.limit-0x800")]
    [InlineData("0xFF", "0xff")]
    [InlineData("16", "0x10")]
    public void ExpressionsPrintAsTheyAreWritten(string text, string printed) => Expression.Parse(text)!.ToString().ShouldBe(printed);

    [Theory]
    [InlineData("$")]
    [InlineData("$1a")]
    [InlineData("$a+")]
    [InlineData("$a+b")]
    [InlineData("$a 0x1")]
    [InlineData("$a.")]
    [InlineData("$a.X")]
    [InlineData("$a0x1+")]
    [InlineData("+0x1")]
    [InlineData("0x")]
    [InlineData("")]
    [InlineData("a")]
    public void WhatIsNoExpressionIsNone(string text) => Expression.Parse(text).ShouldBeNull();

    private ConformanceCall Bind(string operation, string arguments) => CallBinder.Bind(Cases.Step(operation, arguments), _symbols);
}

using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Whatever somebody outside has a process carry out is answered, once.</summary>
public sealed class VisitorTests
{
    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    [Fact]
    public void APauseIsAnsweredWhenItIsOver()
    {
        _machine.Do(new Operation(OperationKind.Idle, 0, 1_000)).Status.ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void APauseIsAnsweredWhenTheProcessExits()
    {
        var pause = _machine.Begin(new Operation(OperationKind.Idle, 0, (ulong)Ticks.FromSeconds(1).Value));
        _machine.Inject(_machine.IdOf(0), new ExitProcess(NtStatus.Success));
        _machine.Run();
        _machine.Answer(pause).Status.ShouldBe(NtStatus.ProcessIsTerminating);
        _machine.EndsAtTheBaseline();
    }
}

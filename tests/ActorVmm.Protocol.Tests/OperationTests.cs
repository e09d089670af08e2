namespace ActorVmm.Protocol.Tests;

public sealed class OperationTests
{
    [Theory]
    [InlineData(OperationKind.Read, 0x1234, 8, PageProtection.None)]
    [InlineData(OperationKind.Protect, ulong.MaxValue, Operation.MaxArgument, PageProtection.NoAccess)]
    [InlineData(OperationKind.ReserveCommit, 0, 0, (PageProtection)0x7FF)]
    [InlineData(OperationKind.Exit, 1, 1, PageProtection.ReadWrite | PageProtection.WriteCombine)]
    public void WhatIsPutInComesOut(OperationKind kind, ulong address, ulong argument, PageProtection protection)
    {
        var operation = new Operation(kind, address, argument, protection);
        operation.Kind.ShouldBe(kind);
        operation.Address.ShouldBe(address);
        operation.Argument.ShouldBe(argument);
        operation.Protection.ShouldBe(protection);
        operation.IsAccess.ShouldBe(kind <= OperationKind.Execute);
        Operation.FromWords(operation.Address, operation.Detail).ShouldBe(operation);
    }

    [Fact]
    public void AnArgumentThatDoesNotFitIsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Operation(OperationKind.Idle, 0, Operation.MaxArgument + 1));

    // Its bits would become part of the argument.
    [Fact]
    public void AProtectionThatDoesNotFitIsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Operation(OperationKind.Commit, 0, 1, (PageProtection)0x800));

    [Fact]
    public void TheFirstKindsAreTheAccessKinds()
    {
        ((int)OperationKind.Read).ShouldBe((int)AccessKind.Read);
        ((int)OperationKind.Write).ShouldBe((int)AccessKind.Write);
        ((int)OperationKind.Execute).ShouldBe((int)AccessKind.Execute);
    }
}

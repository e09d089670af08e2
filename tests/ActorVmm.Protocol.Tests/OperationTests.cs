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

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(0x7FFF_FFFE_0000, ViewOperation.MostSections, ViewOperation.MostOffset, ViewOperation.MostPages)]
    [InlineData(0x2_0000, 7, 0x1_0000, 3)]
    public void AViewIsPutInAndComesOut(ulong address, uint section, ulong offset, ulong pages)
    {
        var view = new ViewOperation(address, section, offset, pages);
        var operation = view.With(PageProtection.ExecuteWriteCopy);
        (operation.Kind, operation.Protection).ShouldBe((OperationKind.MapView, PageProtection.ExecuteWriteCopy));
        ViewOperation.Of(operation).ShouldBe(view);
    }

    [Theory]
    [InlineData(0x1000, 1, 0, 0)]
    [InlineData(0, 0x1_0000, 0, 0)]
    [InlineData(0, 1, 0x1000, 0)]
    [InlineData(0, 1, ViewOperation.MostOffset + 0x1_0000, 0)]
    [InlineData(0, 1, 0, ViewOperation.MostPages + 1)]
    public void AViewThatDoesNotFitIsRefused(ulong address, uint section, ulong offset, ulong pages) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ViewOperation(address, section, offset, pages).With(PageProtection.ReadWrite));
}

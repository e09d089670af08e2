using System.Numerics;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Fact book §4.1 and §4.2.</summary>
public sealed class ProtectionCodeTests
{
    // Win32 constant · code · read, write, execute · copies on write
    [Theory]
    [InlineData(0x01, 0x18, "", false)]
    [InlineData(0x02, 0x01, "r", false)]
    [InlineData(0x04, 0x04, "rw", false)]
    [InlineData(0x08, 0x05, "rw", true)]
    [InlineData(0x10, 0x02, "rx", false)] // x86 has no execute-only pages
    [InlineData(0x20, 0x03, "rx", false)]
    [InlineData(0x40, 0x06, "rwx", false)]
    [InlineData(0x80, 0x07, "rwx", true)]
    public void EachBaseProtection(uint constant, byte value, string rights, bool copies)
    {
        ProtectionCode.TryFrom((PageProtection)constant, out var code).ShouldBeTrue();
        code.Value.ShouldBe(value);
        code.ToPageProtection().ShouldBe((PageProtection)constant);
        code.Allows(AccessKind.Read).ShouldBe(rights.Contains('r'));
        code.Allows(AccessKind.Write).ShouldBe(rights.Contains('w'));
        code.Allows(AccessKind.Execute).ShouldBe(rights.Contains('x'));
        code.IsCopyOnWrite.ShouldBe(copies);
        code.IsNoAccess.ShouldBe(rights.Length == 0);
        code.IsGuard.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0x102, 0x11)] // guard
    [InlineData(0x104, 0x14)]
    [InlineData(0x110, 0x12)]
    [InlineData(0x120, 0x13)]
    [InlineData(0x140, 0x16)]
    [InlineData(0x202, 0x09)] // no cache
    [InlineData(0x204, 0x0C)]
    [InlineData(0x240, 0x0E)]
    [InlineData(0x402, 0x19)] // write combine
    [InlineData(0x404, 0x1C)]
    [InlineData(0x440, 0x1E)]
    public void EachModifier(uint constant, byte value)
    {
        ProtectionCode.TryFrom((PageProtection)constant, out var code).ShouldBeTrue();
        code.Value.ShouldBe(value);
        code.ToPageProtection().ShouldBe((PageProtection)constant);
        code.IsGuard.ShouldBe((constant & 0x100) != 0);
        code.IsNoAccess.ShouldBeFalse();
        code.WithoutGuard.Value.ShouldBe((byte)(code.IsGuard ? value & 7 : value));
    }

    /// <summary>One base value; at most one modifier, and none on no-access: 1 + 7 × 4 of all 2,048.</summary>
    [Fact]
    public void AllOtherCombinationsAreInvalid()
    {
        int valid = 0;
        for (uint constant = 0; constant < 0x800; constant++)
        {
            uint modifiers = constant & 0x700;
            bool expected = BitOperations.PopCount(constant & 0xFF) == 1
                && BitOperations.PopCount(modifiers) <= 1
                && (modifiers == 0 || (constant & 1) == 0);
            ProtectionCode.TryFrom((PageProtection)constant, out _).ShouldBe(expected, $"0x{constant:X}");
            valid += expected ? 1 : 0;
        }

        valid.ShouldBe(29);
    }

    [Theory]
    [InlineData(0x0000_0800)]
    [InlineData(0x8000_0004)]
    [InlineData(0xFFFF_FFFF)]
    public void BitsThatNobodyKnowsAreInvalid(uint constant) => ProtectionCode.TryFrom((PageProtection)constant, out _).ShouldBeFalse();

    [Fact]
    public void SomeCodesMeanNoProtectionAtAll()
    {
        ProtectionCode.Decommitted.Value.ShouldBe((byte)0x10);
        ProtectionCode.Decommitted.IsGuard.ShouldBeFalse();
        ProtectionCode.NoAccess.Value.ShouldBe((byte)0x18);
        ProtectionCode.ZeroAccess.Value.ShouldBe((byte)0);
        ProtectionCode.ZeroAccess.CanRead.ShouldBeFalse();
    }
}

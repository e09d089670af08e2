using ActorVmm.Machine.Conformance;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>What the documented functions refuse by themselves, and the native calls that they make.</summary>
public sealed class Win32LayerTests
{
    private static readonly HandleValue _handle = new(HandleKind.Bound, 4);

    [Theory]
    [InlineData(0x8000, 0x1000, NtStatus.InvalidParameter)]
    [InlineData(0x8000, 0, null)]
    [InlineData(0x8001, 0x1000, null)]
    [InlineData(0x8002, 0x1000, null)]
    [InlineData(0x4000, 0x1000, null)]
    public void ReleaseWithoutAPlaceholderFlagNeedsSizeZero(ulong type, ulong size, NtStatus? refused)
    {
        Win32Layer.Refuses(new FreeCall(0, size, type), CallLevel.Win32).ShouldBe(refused);
        Win32Layer.Refuses(new FreeCall(0, size, type), CallLevel.Nt).ShouldBeNull();
    }

    [Theory]
    [InlineData(PageProtection.NoAccess, true)]
    [InlineData(PageProtection.Execute, true)]
    [InlineData(PageProtection.ReadOnly, false)]
    [InlineData(PageProtection.ExecuteRead, false)]
    public void SectionsAreNotMadeExecuteOnlyOrWithoutAccess(PageProtection protection, bool refused)
    {
        var call = new CreateSectionCall(_handle, null, (ulong)protection, 0);
        (Win32Layer.Refuses(call, CallLevel.Win32) == NtStatus.InvalidPageProtection).ShouldBe(refused);
        Win32Layer.Refuses(call, CallLevel.Nt).ShouldBeNull();
    }

    [Theory]
    [InlineData(PageProtection.ReadOnly, 5)]
    [InlineData(PageProtection.WriteCopy, 5)]
    [InlineData(PageProtection.ReadWrite, 7)]
    [InlineData(PageProtection.ExecuteRead, 0xD)]
    [InlineData(PageProtection.ExecuteWriteCopy, 0xD)]
    [InlineData(PageProtection.ExecuteReadWrite, 0xF)]
    public void ASectionHandleCarriesWhatItsProtectionImplies(PageProtection protection, ulong rights)
    {
        var call = new CreateSectionCall(_handle, null, (ulong)protection, 0);
        Win32Layer.Translate(call, CallLevel.Win32).ShouldBe(call with { Access = rights, Attributes = 0x800_0000 });
        Win32Layer.Translate(call, CallLevel.Nt).ShouldBe(call);
        Win32Layer.Translate(call with { Attributes = 0x1000_0000 }, CallLevel.Win32).ShouldBe(call with { Access = rights, Attributes = 0x1000_0000 });
    }

    [Theory]
    [InlineData(1, PageProtection.WriteCopy)]
    [InlineData(2, PageProtection.ReadWrite)]
    [InlineData(3, PageProtection.ReadWrite)]
    [InlineData(6, PageProtection.ReadWrite)]
    [InlineData(4, PageProtection.ReadOnly)]
    [InlineData(0, PageProtection.NoAccess)]
    [InlineData(0x20, PageProtection.NoAccess)]
    [InlineData(0x21, PageProtection.ExecuteWriteCopy)]
    [InlineData(0x22, PageProtection.ExecuteReadWrite)]
    [InlineData(0x24, PageProtection.ExecuteRead)]
    public void AViewIsAsProtectedAsItsAccessSays(ulong access, PageProtection protection)
    {
        foreach (CallLevel level in Enum.GetValues<CallLevel>())
        {
            var call = new MapViewCall(_handle, 0, 0) { Access = access };
            Win32Layer.Translate(call, level).ShouldBe(call with { Access = null, Protect = (ulong)protection });
        }
    }
}

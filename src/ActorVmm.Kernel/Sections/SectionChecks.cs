using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>What NtCreateSection and NtMapViewOfSection refuse about sections, each check in its place (fact book §13.1, §13.2).</summary>
public static class SectionChecks
{
    private const SectionAttributes Kinds = SectionAttributes.Commit | SectionAttributes.Reserve | SectionAttributes.Image;
    private const SectionAttributes Known = Kinds | SectionAttributes.Based | SectionAttributes.NoChange | SectionAttributes.NoCache
        | SectionAttributes.WriteCombine | SectionAttributes.LargePages;

    private const PageProtection Modifiers = PageProtection.Guard | PageProtection.NoCache | PageProtection.WriteCombine;

    /// <summary>Bytes whose prototype PTEs no pool could hold: 64 TB, on 32 bits 4 TB.</summary>
    private static ulong MostBytes(Platform platform) => platform.Is64Bit ? 1UL << 46 : 1UL << 42;

    /// <summary>What the arguments of NtCreateSection alone decide.</summary>
    public static NtStatus Arguments(in CreateSection create)
    {
        SectionAttributes kind = create.Attributes & Kinds;
        SectionAttributes modifiers = create.Attributes & ~Kinds;
        const SectionAttributes NotOfImages = SectionAttributes.LargePages | SectionAttributes.WriteCombine;
        bool oneKind = kind is SectionAttributes.Commit or SectionAttributes.Reserve or SectionAttributes.Image;
        bool caches = (modifiers & (SectionAttributes.NoCache | SectionAttributes.WriteCombine)) == (SectionAttributes.NoCache | SectionAttributes.WriteCombine);
        if ((create.Attributes & ~Known) != 0 || !oneKind || caches
            || (kind == SectionAttributes.Image && (modifiers & NotOfImages) != 0)
            || (kind == SectionAttributes.Reserve && (modifiers & SectionAttributes.LargePages) != 0))
        {
            return NtStatus.InvalidParameter6;
        }

        bool protects = (create.Protection & Modifiers) == 0 && ProtectionCode.TryFrom(create.Protection, out ProtectionCode code) && !code.IsNoAccess;
        return protects ? HandleStatus(create.Handle) : NtStatus.InvalidPageProtection;
    }

    /// <summary>What is wrong with a section backed by paging files; its arguments are checked.</summary>
    public static NtStatus PagingFile(in CreateSection create, Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        if ((create.Attributes & SectionAttributes.Image) != 0)
        {
            return NtStatus.InvalidFileForSection;
        }

        if (create.Size == 0)
        {
            return NtStatus.InvalidParameter4;
        }

        if (create.Size > MostBytes(platform))
        {
            return NtStatus.SectionTooBig;
        }

        // Nobody here holds SeLockMemoryPrivilege.
        return (create.Attributes & SectionAttributes.LargePages) != 0 ? NtStatus.PrivilegeNotHeld : NtStatus.Success;
    }

    /// <summary>Whether a view, or a page of one, may have this protection where another limits it (fact book §4.3).</summary>
    public static bool IsWithin(PageProtection asked, PageProtection limit) => (AccessOf(asked) & ~AccessOf(limit)) == 0;

    /// <summary>Whether a section of one protection can have a view of another; one that can only be executed has no view to be read.</summary>
    public static bool AllowsView(PageProtection section, PageProtection view) =>
        IsWithin(view, section) && (section != PageProtection.Execute || view is PageProtection.Execute or PageProtection.NoAccess);

    /// <summary>Whether something may be stored to memory of this protection that others see.</summary>
    public static bool Writes(PageProtection protection) => (AccessOf(protection) & Access.Write) != 0;

    /// <summary>What a handle that did not resolve fails with.</summary>
    public static NtStatus HandleStatus(HandleResolution handle) => handle switch
    {
        HandleResolution.Resolved => NtStatus.Success,
        HandleResolution.Invalid => NtStatus.InvalidHandle,
        HandleResolution.WrongType => NtStatus.ObjectTypeMismatch,
        HandleResolution.Denied => NtStatus.AccessDenied,
    };

    [Flags]
    private enum Access : byte
    {
        None = 0,
        Read = 1,
        Write = 2,
        Execute = 4,
    }

    private static Access AccessOf(PageProtection protection) => (protection & ~Modifiers) switch
    {
        PageProtection.ReadOnly or PageProtection.WriteCopy => Access.Read,
        PageProtection.ReadWrite => Access.Read | Access.Write,
        PageProtection.Execute or PageProtection.ExecuteRead or PageProtection.ExecuteWriteCopy => Access.Read | Access.Execute,
        PageProtection.ExecuteReadWrite => Access.Read | Access.Write | Access.Execute,
        _ => Access.None,
    };
}

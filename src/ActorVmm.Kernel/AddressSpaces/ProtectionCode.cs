namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// Windows' 5-bit protection code, as it stands in software PTEs, VADs and working-set entries (fact book §4.2): three bits of
/// access, two of modifier.
/// </summary>
public readonly record struct ProtectionCode(byte Value)
{
    private const byte AccessMask = 0x07;
    private const byte ModifierMask = 0x18;
    private const byte ExecuteBit = 0x02;
    private const byte NoCacheModifier = 0x08;
    private const byte GuardModifier = 0x10;
    private const byte WriteCombineModifier = 0x18;

    public static readonly ProtectionCode ZeroAccess;
    public static readonly ProtectionCode ReadOnly = new(1);
    public static readonly ProtectionCode ReadWrite = new(4);

    /// <summary>In a PTE: the page was committed once and is not any more.</summary>
    public static readonly ProtectionCode Decommitted = new(0x10);

    public static readonly ProtectionCode NoAccess = new(0x18);

    public bool IsGuard => (Value & ModifierMask) == GuardModifier && (Value & AccessMask) != 0;

    public bool IsNoAccess => Value == NoAccess.Value || Value == ZeroAccess.Value;

    /// <summary>Any base protection but none and no-access can be read: x86 hardware has no execute-only pages (fact book §4.1).</summary>
    public bool CanRead => (Value & AccessMask) != 0;

    /// <summary>Whether a store is allowed, be it to a copy.</summary>
    public bool CanWrite => (Value & AccessMask) >= 4;

    /// <summary>Whether a store goes to a private copy.</summary>
    public bool IsCopyOnWrite => (Value & AccessMask) is 5 or 7;

    public bool CanExecute => (Value & AccessMask) is 2 or 3 or 6 or 7;

    /// <summary>The same once the page is a copy of its own (fact book §4.3).</summary>
    public ProtectionCode AfterCopy => IsCopyOnWrite ? new ProtectionCode((byte)(Value - 1)) : this;

    /// <summary>Whether it says execute and no more.</summary>
    public bool IsExecuteOnly => (Value & AccessMask) == ExecuteBit;

    public ProtectionCode WithoutGuard => IsGuard ? new ProtectionCode((byte)(Value & AccessMask)) : this;

    /// <summary>As a processor enforces it that cannot forbid instructions to be fetched from where data may be read.</summary>
    public ProtectionCode WithExecute => CanRead ? new ProtectionCode((byte)(Value | ExecuteBit)) : this;

    public bool Allows(AccessKind access) => access switch
    {
        AccessKind.Read => CanRead,
        AccessKind.Write => CanWrite,
        AccessKind.Execute => CanExecute,
    };

    /// <summary>The code for a Win32 constant; false when that is not exactly one base value with modifiers that go with it.</summary>
    public static bool TryFrom(PageProtection protection, out ProtectionCode code)
    {
        code = default;
        const PageProtection Modifiers = PageProtection.Guard | PageProtection.NoCache | PageProtection.WriteCombine;
        PageProtection modifiers = protection & Modifiers;
        byte? access = BaseCode(protection & ~Modifiers);
        if (access is null)
        {
            return false;
        }

        if (access == NoAccess.Value)
        {
            code = NoAccess;
            return modifiers == PageProtection.None;
        }

        // The code has room for one modifier, and Windows allows no two.
        byte? modifier = modifiers switch
        {
            PageProtection.None => 0,
            PageProtection.NoCache => NoCacheModifier,
            PageProtection.Guard => GuardModifier,
            PageProtection.WriteCombine => WriteCombineModifier,
            _ => null,
        };
        code = new ProtectionCode((byte)(access.Value | (modifier ?? 0)));
        return modifier is not null;
    }

    /// <summary>The Win32 constant for this code; a decommitted page has none.</summary>
    public PageProtection ToPageProtection()
    {
        if (IsNoAccess)
        {
            return PageProtection.NoAccess;
        }

        PageProtection protection = (Value & AccessMask) switch
        {
            1 => PageProtection.ReadOnly,
            2 => PageProtection.Execute,
            3 => PageProtection.ExecuteRead,
            4 => PageProtection.ReadWrite,
            5 => PageProtection.WriteCopy,
            6 => PageProtection.ExecuteReadWrite,
            7 => PageProtection.ExecuteWriteCopy,
            _ => PageProtection.None,
        };
        return protection | (Value & ModifierMask) switch
        {
            NoCacheModifier => PageProtection.NoCache,
            GuardModifier => PageProtection.Guard,
            WriteCombineModifier => PageProtection.WriteCombine,
            _ => PageProtection.None,
        };
    }

    private static byte? BaseCode(PageProtection protection) => protection switch
    {
        PageProtection.NoAccess => NoAccess.Value,
        PageProtection.ReadOnly => 1,
        PageProtection.Execute => 2,
        PageProtection.ExecuteRead => 3,
        PageProtection.ReadWrite => 4,
        PageProtection.WriteCopy => 5,
        PageProtection.ExecuteReadWrite => 6,
        PageProtection.ExecuteWriteCopy => 7,
        _ => null,
    };
}

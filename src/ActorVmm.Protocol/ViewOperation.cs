namespace ActorVmm.Protocol;

/// <summary>
/// What <see cref="OperationKind.MapView"/> maps, in the 16 bytes of an operation. A view begins at a multiple of 64 KB, in the process and in
/// the section: the low bits of the address have room for the section, and the argument for where the view begins in it, in units of 64 KB,
/// and for its pages.
/// </summary>
/// <param name="Address">Where, a multiple of 64 KB; 0 leaves it to the system.</param>
/// <param name="Section">The number that the section is known by, from 1 to <see cref="MostSections"/>.</param>
/// <param name="Offset">First byte in the section, a multiple of 64 KB, at most <see cref="MostOffset"/>.</param>
/// <param name="Pages">How many, at most <see cref="MostPages"/>; 0 for all from Offset on.</param>
public readonly record struct ViewOperation(ulong Address, uint Section, ulong Offset, ulong Pages)
{
    private const int PagesBits = 23;
    private const int GranularityShift = 16;

    /// <summary>The most sections that operations can tell from each other.</summary>
    public const uint MostSections = PageSize.GranularityBytes - 1;

    /// <summary>The most pages of a view that is not the whole rest of its section: 32 GiB less one page.</summary>
    public const ulong MostPages = (1UL << PagesBits) - 1;

    /// <summary>The furthest that a view begins in its section: 256 GiB less 64 KB.</summary>
    public const ulong MostOffset = (Operation.MaxArgument >> PagesBits) << GranularityShift;

    /// <summary>Reads a view from an operation that maps one.</summary>
    public static ViewOperation Of(Operation operation) => new(
        operation.Address & ~(ulong)MostSections,
        (uint)(operation.Address & MostSections),
        (operation.Argument >> PagesBits) << GranularityShift,
        operation.Argument & MostPages);

    /// <summary>The operation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Something does not fit.</exception>
    public Operation With(PageProtection protection)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Address & MostSections, 0UL, nameof(Address));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Offset & MostSections, 0UL, nameof(Offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Section, MostSections);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Offset, MostOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Pages, MostPages);
        return new Operation(OperationKind.MapView, Address | Section, ((Offset >> GranularityShift) << PagesBits) | Pages, protection);
    }
}

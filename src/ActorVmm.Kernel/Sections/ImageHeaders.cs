using System.Buffers.Binary;
using System.Numerics;
using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// What the headers of a portable executable say about its image (public PE/COFF specification; fact book §13.1, §13.2). Headers come from
/// files, and files can hold anything: every number is checked before it is used, and whatever does not make sense is refused with
/// INVALID_IMAGE_FORMAT, or INVALID_IMAGE_NOT_MZ when not even the first two bytes are right.
/// </summary>
public sealed class ImageHeaders
{
    /// <summary>Headers must lie within so many bytes from the start of the file.</summary>
    public const int MostBytes = 2 * PageSize.Bytes;

    private const int DosBytes = 64;
    private const int NewHeaderAt = 0x3C;
    private const int FileHeaderBytes = 24;
    private const int SectionHeaderBytes = 40;
    private const int MostSections = 96;
    private const ushort DosMagic = 0x5A4D;
    private const uint PeSignature = 0x4550;
    private const ushort MachineX86 = 0x14C;
    private const ushort MachineX64 = 0x8664;
    private const ushort Magic32 = 0x10B;
    private const ushort Magic64 = 0x20B;
    private const int Optional32Bytes = 96;
    private const int Optional64Bytes = 112;
    private const ushort ExecutableImage = 2;
    private const uint DiskSector = 512;
    private const uint LargestImage = 0x7700_0000;
    private const uint CanExecute = 0x2000_0000;
    private const uint CanRead = 0x4000_0000;
    private const uint CanWrite = 0x8000_0000;

    private ImageHeaders(bool is64Bit, IReadOnlyList<ImageSubsection> subsections)
    {
        Is64Bit = is64Bit;
        Subsections = subsections;
    }

    /// <summary>PE32+ for x64; otherwise PE32 for x86.</summary>
    public bool Is64Bit { get; }

    /// <summary>Where it would like to be; a multiple of 64 KB.</summary>
    public ulong Base { get; private init; }

    /// <summary>Bytes in memory, as the header says; not rounded.</summary>
    public uint SizeOfImage { get; private init; }

    /// <summary>Where execution starts, in bytes from the base; 0 for nowhere.</summary>
    public uint EntryPoint { get; private init; }

    /// <summary>Bytes to reserve for the stack of its first thread.</summary>
    public ulong StackReserve { get; private init; }

    /// <summary>Bytes to commit of it.</summary>
    public ulong StackCommit { get; private init; }

    /// <summary>IMAGE_SUBSYSTEM_ number.</summary>
    public ushort Subsystem { get; private init; }

    /// <summary>IMAGE_FILE_ bits.</summary>
    public ushort Characteristics { get; private init; }

    /// <summary>IMAGE_DLLCHARACTERISTICS_ bits.</summary>
    public ushort DllCharacteristics { get; private init; }

    /// <summary>Whether it can live above 2 GB (IMAGE_FILE_LARGE_ADDRESS_AWARE).</summary>
    public bool IsLargeAddressAware => (Characteristics & 0x20) != 0;

    /// <summary>Runs of pages, ascending and without a gap up to the last one's end; headers first.</summary>
    public IReadOnlyList<ImageSubsection> Subsections { get; }

    /// <summary>Pages in memory: those that the header counts; pages that no subsection has cannot be touched.</summary>
    public uint Pages => (uint)PageSize.PagesOf(SizeOfImage);

    /// <summary>Reads headers.</summary>
    /// <param name="head">The file's first bytes: all of it, or <see cref="MostBytes"/>.</param>
    /// <param name="fileBytes">Length of the file.</param>
    /// <param name="runs64Bit">Whether the machine runs 64-bit images; every machine here runs 32-bit ones.</param>
    /// <param name="headers">What they say; null when they are refused.</param>
    public static NtStatus Read(ReadOnlySpan<byte> head, ulong fileBytes, bool runs64Bit, out ImageHeaders? headers)
    {
        headers = null;
        if (head.Length < sizeof(ushort) || Word(head, 0) != DosMagic)
        {
            return NtStatus.InvalidImageNotMz;
        }

        headers = ReadNew(head, fileBytes, runs64Bit);
        return headers is null ? NtStatus.InvalidImageFormat : NtStatus.Success;
    }

    /// <summary>The subsection that a page belongs to; null for a page that none has.</summary>
    public ImageSubsection? Find(uint page)
    {
        foreach (ImageSubsection subsection in Subsections)
        {
            if (page >= subsection.FirstPage && page < subsection.EndPage)
            {
                return subsection;
            }
        }

        return null;
    }

    private static ImageHeaders? ReadNew(ReadOnlySpan<byte> head, ulong fileBytes, bool runs64Bit)
    {
        if (head.Length < DosBytes)
        {
            return null;
        }

        uint at = Double(head, NewHeaderAt);
        if (at < sizeof(ushort) || at % sizeof(uint) != 0 || at > head.Length - FileHeaderBytes || Double(head, (int)at) != PeSignature)
        {
            return null;
        }

        ReadOnlySpan<byte> file = head[(int)at..];
        ushort machine = Word(file, 4);
        int optionalBytes = Word(file, 20);
        ushort characteristics = Word(file, 22);
        bool is64Bit = machine == MachineX64;
        int needed = is64Bit ? Optional64Bytes : Optional32Bytes;
        bool known = machine == MachineX86 || (is64Bit && runs64Bit);
        if (!known || (characteristics & ExecutableImage) == 0 || optionalBytes < needed || file.Length - FileHeaderBytes < optionalBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> optional = file.Slice(FileHeaderBytes, optionalBytes);
        if (Word(optional, 0) != (is64Bit ? Magic64 : Magic32))
        {
            return null;
        }

        int sections = Word(file, 6);
        ReadOnlySpan<byte> table = file[(FileHeaderBytes + optionalBytes)..];
        return sections > MostSections || table.Length < sections * SectionHeaderBytes
            ? null
            : ReadOptional(optional, table[..(sections * SectionHeaderBytes)], is64Bit, characteristics, fileBytes);
    }

    private static ImageHeaders? ReadOptional(ReadOnlySpan<byte> optional, ReadOnlySpan<byte> table, bool is64Bit, ushort characteristics, ulong fileBytes)
    {
        ulong preferred = is64Bit ? Quad(optional, 24) : Double(optional, 28);
        var layout = new Layout(Double(optional, 32), Double(optional, 36), Double(optional, 56), Double(optional, 60), fileBytes);
        uint entry = Double(optional, 16);
        if (preferred % PageSize.GranularityBytes != 0 || entry >= layout.ImageBytes || !layout.MakesSense)
        {
            return null;
        }

        List<ImageSubsection>? subsections = layout.SectionAlignment < PageSize.Bytes ? WholeFile(layout) : Subsection(layout, table);
        return subsections is null
            ? null
            : new ImageHeaders(is64Bit, subsections)
            {
                Base = preferred,
                SizeOfImage = layout.ImageBytes,
                EntryPoint = entry,
                Subsystem = Word(optional, 68),
                Characteristics = characteristics,
                DllCharacteristics = Word(optional, 70),
                StackReserve = is64Bit ? Quad(optional, 72) : Double(optional, 72),
                StackCommit = is64Bit ? Quad(optional, 80) : Double(optional, 76),
            };
    }

    /// <summary>Sections that do not begin with pages: the file is mapped as it is, writable and executable.</summary>
    private static List<ImageSubsection> WholeFile(Layout layout)
    {
        ulong pages = PageSize.PagesOf(layout.ImageBytes);
        return [new ImageSubsection(0, (uint)pages, new ProtectionCode(7), 0, (uint)Math.Min(layout.FileBytes, pages << PageSize.Shift))];
    }

    /// <summary>The headers, and behind them section by section; null when one is not where the one before it ends.</summary>
    private static List<ImageSubsection>? Subsection(Layout layout, ReadOnlySpan<byte> table)
    {
        ulong next = layout.Aligned(layout.HeaderBytes);
        var headerPages = (uint)(next >> PageSize.Shift);
        var found = new List<ImageSubsection>
        {
            new(0, headerPages, ProtectionCode.ReadOnly, 0, (uint)Math.Min(layout.HeaderBytes, layout.FileBytes)),
        };
        for (int at = 0; at < table.Length; at += SectionHeaderBytes)
        {
            ReadOnlySpan<byte> section = table[at..];
            uint virtualBytes = Double(section, 8);
            uint start = Double(section, 12);
            uint rawBytes = Double(section, 16);
            uint rawStart = Double(section, 20);
            ulong bytes = virtualBytes == 0 ? rawBytes : virtualBytes;
            bool adjoins = start == next && bytes > 0 && start + bytes <= layout.Aligned(layout.ImageBytes);
            rawBytes = rawStart == 0 ? 0 : rawBytes;
            if (!adjoins || !layout.HasData(rawStart, rawBytes))
            {
                return null;
            }

            next = layout.Aligned(start + bytes);
            var pages = (uint)((next - start) >> PageSize.Shift);
            ulong mapped = Math.Min(rawBytes, PageSize.PagesOf(bytes) << PageSize.Shift);
            ulong inFile = rawStart >= layout.FileBytes ? 0 : Math.Min(mapped, layout.FileBytes - rawStart);
            found.Add(new ImageSubsection(start >> PageSize.Shift, pages, ProtectionOf(Double(section, 36)), rawStart, (uint)inFile));
        }

        return found;
    }

    /// <summary>What the characteristics of a section make of its pages; writable data is copied when it is written (fact book §13.2).</summary>
    private static ProtectionCode ProtectionOf(uint characteristics)
    {
        bool executes = (characteristics & CanExecute) != 0;
        if ((characteristics & CanWrite) != 0)
        {
            return new ProtectionCode(executes ? (byte)7 : (byte)5);
        }

        bool reads = (characteristics & CanRead) != 0;
        return executes ? new ProtectionCode(reads ? (byte)3 : (byte)2) : reads ? ProtectionCode.ReadOnly : ProtectionCode.NoAccess;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Double(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong Quad(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    /// <summary>How memory and file are divided.</summary>
    private readonly record struct Layout(uint SectionAlignment, uint FileAlignment, uint ImageBytes, uint HeaderBytes, ulong FileBytes)
    {
        public bool MakesSense =>
            BitOperations.IsPow2(SectionAlignment) && BitOperations.IsPow2(FileAlignment)
            && FileAlignment <= SectionAlignment
            && (SectionAlignment >= PageSize.Bytes || SectionAlignment == FileAlignment)
            && ImageBytes is > 0 and <= LargestImage
            && HeaderBytes > 0 && HeaderBytes <= ImageBytes;

        public ulong Aligned(ulong bytes) => (bytes + SectionAlignment - 1) & ~((ulong)SectionAlignment - 1);

        /// <summary>Whether the file, in whole sectors, is long enough for the data of a section.</summary>
        public bool HasData(uint start, uint bytes) =>
            bytes == 0 || (ulong)start + bytes <= ((FileBytes + DiskSector - 1) & ~((ulong)DiskSector - 1));
    }
}

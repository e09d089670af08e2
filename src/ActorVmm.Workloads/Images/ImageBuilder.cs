using System.Buffers.Binary;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Images;

/// <summary>
/// Makes the bytes of a small valid executable: PE32 for 32-bit processors, PE32+ for 64-bit ones (public PE/COFF specification). It has headers
/// and sections, and no code that anybody could run.
/// </summary>
public static class ImageBuilder
{
    /// <summary>Raw data that end behind this stand in the headers only.</summary>
    public const ulong MostRawBytes = 16 << 20;

    private const int NewHeader = 0x80;
    private const int FileHeader = NewHeader + 4;
    private const int OptionalHeader = FileHeader + 20;
    private const int SectionHeaderBytes = 40;
    private const ushort Optional32Bytes = 224;
    private const ushort Optional64Bytes = 240;
    private const ulong PageBytes = 0x1000;
    private const uint StackReserve = 0x10_0000;
    private const uint StackCommit = 0x1000;

    /// <summary>Where images without a preference of their own would like to be: far from where other things are put first.</summary>
    public static ulong DefaultBase(bool is64Bit) => is64Bit ? 0x7FF6_0000_0000UL : 0x6000_0000;

    /// <summary>Builds a file.</summary>
    /// <param name="image">What is to be in it.</param>
    /// <param name="is64Bit">For which processor.</param>
    /// <param name="size">Its length, in bytes; null for what the contents take.</param>
    public static byte[] Build(ImageFile image, bool is64Bit, ulong? size = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<ImageSection> sections = image.Sections ?? DefaultSections(image);
        int headerEnd = OptionalHeader + (is64Bit ? Optional64Bytes : Optional32Bytes) + (sections.Count * SectionHeaderBytes);
        ulong headers = Aligned((ulong)headerEnd, image.FileAlignment);
        ulong[] places = PlacesOf(sections, headers, image.FileAlignment);
        ulong end = headers;
        for (int i = 0; i < sections.Count; i++)
        {
            ulong rawEnd = places[i] == 0 ? 0 : places[i] + sections[i].RawSize;
            end = rawEnd > MostRawBytes ? end : Math.Max(end, rawEnd);
        }

        byte[] file = new byte[Math.Max(end, (ulong)headerEnd)];
        WriteHeaders(file, image, is64Bit, sections, headers);
        Span<byte> table = file.AsSpan(headerEnd - (sections.Count * SectionHeaderBytes));
        for (int i = 0; i < sections.Count; i++)
        {
            WriteSection(table[(i * SectionHeaderBytes)..], sections[i], i, places[i]);
            if (places[i] > 0 && sections[i].RawSize > 0 && places[i] + sections[i].RawSize <= (ulong)file.Length)
            {
                file[places[i]] = (byte)sections[i].FirstByte;
            }
        }

        return size is { } length && length != (ulong)file.Length ? Resized(file, length) : file;
    }

    private static byte[] Resized(byte[] file, ulong length)
    {
        Array.Resize(ref file, checked((int)length));
        return file;
    }

    private static IReadOnlyList<ImageSection> DefaultSections(ImageFile image)
    {
        ulong step = Math.Max(image.SectionAlignment, PageBytes);
        return
        [
            new ImageSection(step, PageBytes, PageBytes, ImageRights.Read | ImageRights.Execute) { FirstByte = 0xC3 },
            new ImageSection(2 * step, PageBytes, PageBytes, ImageRights.Read | ImageRights.Write) { FirstByte = 0x11 },
        ];
    }

    private static ulong[] PlacesOf(IReadOnlyList<ImageSection> sections, ulong headers, ulong alignment)
    {
        ulong[] places = new ulong[sections.Count];
        ulong next = headers;
        for (int i = 0; i < sections.Count; i++)
        {
            places[i] = sections[i].RawPointer ?? (sections[i].RawSize == 0 ? 0 : next);
            next = places[i] == 0 ? next : Math.Max(next, Aligned(places[i] + sections[i].RawSize, alignment));
        }

        return places;
    }

    private static void WriteHeaders(Span<byte> file, ImageFile image, bool is64Bit, IReadOnlyList<ImageSection> sections, ulong headers)
    {
        ulong imageBytes = Aligned(headers, Math.Max(image.SectionAlignment, 1));
        uint entry = 0;
        foreach (ImageSection section in sections)
        {
            ulong bytes = section.VirtualSize == 0 ? section.RawSize : section.VirtualSize;
            imageBytes = Math.Max(imageBytes, Aligned(section.Rva + bytes, image.SectionAlignment));
            entry = entry == 0 && (section.Rights & ImageRights.Execute) != 0 ? (uint)section.Rva : entry;
        }

        Word(file, 0, 0x5A4D);
        Word(file, 2, 0x90);
        Double(file, 0x3C, NewHeader);
        Double(file, NewHeader, 0x4550);
        Word(file, FileHeader, is64Bit ? 0x8664u : 0x14C);
        Word(file, FileHeader + 2, (uint)sections.Count);
        Word(file, FileHeader + 16, is64Bit ? Optional64Bytes : Optional32Bytes);

        // An executable image; on 32 bits a 32-bit machine's, on 64 one that knows large addresses.
        Word(file, FileHeader + 18, is64Bit ? 0x22u : 0x102);
        Span<byte> optional = file[OptionalHeader..];
        Word(optional, 0, is64Bit ? 0x20Bu : 0x10B);
        Double(optional, 16, entry);
        ulong preferred = image.ImageBase ?? DefaultBase(is64Bit);
        if (is64Bit)
        {
            Quad(optional, 24, preferred);
        }
        else
        {
            Double(optional, 28, (uint)preferred);
        }

        Double(optional, 32, (uint)image.SectionAlignment);
        Double(optional, 36, (uint)image.FileAlignment);
        Word(optional, 40, 6);
        Word(optional, 48, 6);
        Double(optional, 56, (uint)imageBytes);
        Double(optional, 60, (uint)headers);

        // A console program that is compatible with data execution prevention.
        Word(optional, 68, 3);
        Word(optional, 70, 0x100);
        WriteStack(optional, is64Bit);
    }

    private static void WriteStack(Span<byte> optional, bool is64Bit)
    {
        const uint Directories = 16;
        if (is64Bit)
        {
            Quad(optional, 72, StackReserve);
            Quad(optional, 80, StackCommit);
            Quad(optional, 88, StackReserve);
            Quad(optional, 96, StackCommit);
            Double(optional, 108, Directories);
            return;
        }

        Double(optional, 72, StackReserve);
        Double(optional, 76, StackCommit);
        Double(optional, 80, StackReserve);
        Double(optional, 84, StackCommit);
        Double(optional, 92, Directories);
    }

    private static void WriteSection(Span<byte> header, ImageSection section, int index, ulong place)
    {
        ReadOnlySpan<byte> name = ".sect"u8;
        name.CopyTo(header);
        header[name.Length] = (byte)('0' + (index / 10 % 10));
        header[name.Length + 1] = (byte)('0' + (index % 10));
        Double(header, 8, (uint)section.VirtualSize);
        Double(header, 12, (uint)section.Rva);
        Double(header, 16, (uint)section.RawSize);
        Double(header, 20, (uint)place);
        Double(header, 36, CharacteristicsOf(section.Rights));
    }

    private static uint CharacteristicsOf(ImageRights rights)
    {
        const uint InitializedData = 0x40;
        return InitializedData
            | ((rights & ImageRights.NoLoad) != 0 ? 2u : 0)
            | ((rights & ImageRights.Execute) != 0 ? 0x2000_0000u : 0)
            | ((rights & ImageRights.Read) != 0 ? 0x4000_0000u : 0)
            | ((rights & ImageRights.Write) != 0 ? 0x8000_0000u : 0);
    }

    private static ulong Aligned(ulong value, ulong alignment) => alignment < 2 ? value : (value + alignment - 1) / alignment * alignment;

    private static void Word(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)value);

    private static void Double(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private static void Quad(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}

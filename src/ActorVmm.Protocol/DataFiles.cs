namespace ActorVmm.Protocol;

// What a DataFile hears from SystemSpace and from the Sections that it has made on itself: one for its data, one for its image.

/// <summary>Rights of a file handle.</summary>
[Flags]
public enum FileRights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,

    /// <summary>A kernel caller: rights are not looked at.</summary>
    Kernel = 0x80,
}

/// <summary>
/// NtCreateSection on this file, its arguments checked; what depends on the file is checked here (fact book §13.1). The file makes the
/// segment when it has none, tells it of itself (<see cref="FormFile"/>), extends itself when the section is larger, and sends
/// <see cref="FormSection"/>. When it refuses, it answers the asker with <see cref="SectionCreated"/> itself.
/// </summary>
/// <param name="Size">Bytes asked for; 0 for the length of the file, or the size of the image.</param>
/// <param name="Asker">Who is answered.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Name">Its name, by number; 0 for none.</param>
/// <param name="Attributes">SEC_ bits.</param>
/// <param name="Protection">PAGE_ bits.</param>
/// <param name="Rights">Of the file handle.</param>
public readonly record struct OpenControlArea(
    ulong Size, ActorId Asker, uint Request, uint Name, SectionAttributes Attributes, PageProtection Protection, FileRights Rights, byte Reserved, ushort Reserved2) : IMessage
{
    public const int Kind = 1000;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Reads the pages of a row, one after the other from Offset on: Bytes of them from the file, and what is beyond them, or beyond the end
/// of the file, zeros. Answered by <see cref="FilePagesRead"/>.
/// </summary>
public readonly record struct ReadFilePages(ulong Offset, ulong Bytes, MdlId Mdl, int Block) : IMessage
{
    public const int Kind = 1001;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Writes the contents copied into a row, one page after the other from Offset on; what is beyond the end of the file is not written.
/// Answered by <see cref="FilePagesWritten"/>.
/// </summary>
public readonly record struct WriteFilePages(ulong Offset, MdlId Mdl, uint Request) : IMessage
{
    public const int Kind = 1002;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// No section object and no view refers to this segment, and its modified pages are written. Unless the file has sent it more
/// <see cref="FormSection"/> than it has heard, the file forgets it and answers <see cref="EndControlArea"/>.
/// </summary>
/// <param name="Forms">How many it has heard.</param>
public readonly record struct ControlAreaIdle(uint Forms) : IMessage
{
    public const int Kind = 1003;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="AskControlArea"/>.</summary>
public readonly record struct ControlAreaAnswered(uint Request, NtStatus Status) : IMessage
{
    public const int Kind = 1004;

    static int IMessage.Kind => Kind;
}

// What a DataFile hears from those who have it open, or want to. It does one of these after the other.

/// <summary>How a file is opened.</summary>
public enum FileOpening : byte
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>To be replaced by an empty one: USER_MAPPED_FILE while its data is in use by views, SHARING_VIOLATION while its image is.</summary>
    Overwrite,

    /// <summary>To be deleted at the last close: CANNOT_DELETE while its image is in use.</summary>
    DeleteOnClose,
}

/// <summary>Opens the file. Answered by <see cref="FileReturned"/> with the number of the file object.</summary>
public readonly record struct OpenFile(uint Request, FileRights Rights, FileOpening Opening, ushort Reserved) : IMessage
{
    public const int Kind = 1010;

    static int IMessage.Kind => Kind;
}

/// <summary>The last handle of a file object is closed. Answered by <see cref="FileReturned"/>.</summary>
public readonly record struct CloseFile(int Object, uint Request) : IMessage
{
    public const int Kind = 1011;

    static int IMessage.Kind => Kind;
}

/// <summary>Sets the end of the file: USER_MAPPED_FILE when it were shorter and views need it. Answered by <see cref="FileReturned"/>.</summary>
public readonly record struct SetEndOfFile(ulong Length, int Object, uint Request) : IMessage
{
    public const int Kind = 1012;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Whether the file is to go at the last close: CANNOT_DELETE while there is a section object or a view on it. Answered by
/// <see cref="FileReturned"/>.
/// </summary>
public readonly record struct SetDisposition(int Object, uint Request, int Delete) : IMessage
{
    public const int Kind = 1013;

    static int IMessage.Kind => Kind;
}

/// <summary>Loads up to eight bytes, little-endian. Answered by <see cref="FileReturned"/> with them.</summary>
public readonly record struct LoadFile(ulong Offset, int Width, uint Request) : IMessage
{
    public const int Kind = 1014;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Ordinary I/O at the position of the file object, which it advances: bytes go from or to the copies of a row, packed, from its first
/// on. Answered by <see cref="FileReturned"/> with how many were moved; END_OF_FILE when a read begins there.
/// </summary>
/// <param name="Bytes">At most those of the row.</param>
/// <param name="Mdl">The row, which comes back with the answer.</param>
/// <param name="Object">The file object.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Write">Not 0 for a write.</param>
public readonly record struct TransferFile(ulong Bytes, MdlId Mdl, int Object, uint Request, int Write) : IMessage
{
    public const int Kind = 1015;

    static int IMessage.Kind => Kind;
}

/// <summary>The device's own timer: a transfer is over.</summary>
public readonly record struct FileTransferDone(int Transfer) : IMessage
{
    public const int Kind = 1016;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers whoever has asked something of a file.</summary>
/// <param name="Value">The file object, the bytes, or how many of them.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Request">As asked.</param>
public readonly record struct FileReturned(ulong Value, NtStatus Status, uint Request) : IMessage
{
    public const int Kind = 1050;

    static int IMessage.Kind => Kind;
}

// What a DataFile states.

/// <summary>The end of a file has moved; it is gone when Exists is 0.</summary>
public readonly record struct FileLengthChanged(ulong Length, int Exists, int Objects) : IFact
{
    public const int Kind = 1000;

    static int IFact.Kind => Kind;
}

/// <summary>A transfer of pages on the device of a file has ended.</summary>
public readonly record struct FileTransferEnded(ulong Offset, int Pages, int Write, NtStatus Status, int Queued) : IFact
{
    public const int Kind = 1001;

    static int IFact.Kind => Kind;
}

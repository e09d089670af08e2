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

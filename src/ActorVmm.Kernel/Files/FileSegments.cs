using ActorVmm.Kernel.Sections;

namespace ActorVmm.Kernel.Files;

/// <summary>The file and its segments, one for its data and one for its image (fact book §13.3).</summary>
public sealed partial class DataFile
{
    private const int DataSegment = 0;
    private const int ImageSegment = 1;

    /// <summary>Answers to this number only tell the segment something.</summary>
    private const uint Unasked = 0;

    /// <summary>Answers to this number are for the request at hand.</summary>
    private const uint Asked = 1;

    private static FileRequest RequestOf(OpenControlArea open) => new()
    {
        Kind = FileRequestKind.Section,
        Asker = open.Asker,
        Number = open.Request,
        Bytes = open.Size,
        Name = open.Name,
        Attributes = open.Attributes,
        Protection = open.Protection,
        Rights = open.Rights,
    };

    /// <summary>NtCreateSection, as far as it depends on the file (fact book §13.1).</summary>
    private void FormSection(Outbox outbox)
    {
        bool isImage = (_request.Attributes & SectionAttributes.Image) != 0;
        ulong size = _request.Bytes;
        ImageHeaders? headers = null;
        NtStatus status = CheckRights();
        if (status == NtStatus.Success)
        {
            status = isImage ? CheckImage(ref size, out headers) : CheckData(ref size);
        }

        if (status != NtStatus.Success)
        {
            outbox.Send(_request.Asker, new SectionCreated(0, ActorId.Outside, 0, status, _request.Number));
            EndRequest(outbox);
            return;
        }

        if (!isImage && size > _bytes.Length)
        {
            ChangeLength(size, outbox);
            Tell(_segments[DataSegment], outbox);
        }

        ref FileSegment segment = ref _segments[isImage ? ImageSegment : DataSegment];
        if (!segment.Exists)
        {
            segment = new FileSegment { Section = outbox.Create(_sections.Create(ISectionFactory.OfFile((uint)_number, _segmentsMade++)), _sections.Role) };
            Describe(segment.Section, headers, outbox);
            if (!isImage)
            {
                Tell(segment, outbox);
            }
        }

        segment.Forms++;
        outbox.Send(segment.Section, new FormSection(size, _request.Asker, _request.Number, _request.Name, _request.Attributes, _request.Protection, segment.Forms));
        EndRequest(outbox);
    }

    private static void Describe(ActorId section, ImageHeaders? headers, Outbox outbox)
    {
        if (headers is null)
        {
            outbox.Send(section, new FormFile(0, 0, 0, 0));
            return;
        }

        outbox.Send(section, new FormFile(headers.Base, headers.Pages, headers.Subsections.Count, headers.EntryPoint));
        foreach ((int run, ImageSubsection subsection) in headers.Subsections.Index())
        {
            outbox.Send(section, new FormImageRun(
                subsection.FileOffset, subsection.FirstPage, subsection.Pages, subsection.FileBytes, subsection.Protection.ToPageProtection(), run, 0));
        }
    }

    private NtStatus CheckRights()
    {
        if (_isGone || _deletePending)
        {
            return NtStatus.FileDeleted;
        }

        FileRights needed = (_request.Protection & (PageProtection)0xFF) switch
        {
            PageProtection.ReadWrite => FileRights.Read | FileRights.Write,
            PageProtection.Execute => FileRights.Execute,
            PageProtection.ExecuteRead or PageProtection.ExecuteWriteCopy => FileRights.Read | FileRights.Execute,
            PageProtection.ExecuteReadWrite => FileRights.Read | FileRights.Write | FileRights.Execute,
            _ => FileRights.Read,
        };
        bool has = (_request.Rights & FileRights.Kernel) != 0 || (_request.Rights & needed) == needed;
        return has ? NtStatus.Success : NtStatus.AccessDenied;
    }

    /// <summary>A section that can be written to makes its file longer; another cannot be longer than its file.</summary>
    private NtStatus CheckData(ref ulong size)
    {
        if (size == 0)
        {
            size = _bytes.Length;
            return size == 0 ? NtStatus.MappedFileSizeZero : NtStatus.Success;
        }

        bool writes = (_request.Protection & (PageProtection.ReadWrite | PageProtection.ExecuteReadWrite)) != 0;
        bool fits = size <= _bytes.Length || (writes && size <= MostLength);
        return fits ? NtStatus.Success : NtStatus.SectionTooBig;
    }

    private NtStatus CheckImage(ref ulong size, out ImageHeaders? headers)
    {
        headers = null;
        if (_bytes.Length == 0)
        {
            return NtStatus.InvalidFileForSection;
        }

        Span<byte> head = stackalloc byte[ImageHeaders.MostBytes];
        head = head[..(int)Math.Min(_bytes.Length, ImageHeaders.MostBytes)];
        _bytes.Read(0, head);
        NtStatus status = ImageHeaders.Read(head, _bytes.Length, _machine.Platform.Is64Bit, out headers);
        if (status != NtStatus.Success)
        {
            return status;
        }

        // A size that is not that of the image is not looked at, as long as it is one that an image can have.
        ulong most = Math.Max(headers!.Pages, PageSize.PagesOf(_bytes.Length) + 1) << PageSize.Shift;
        bool tooBig = size > most;
        size = headers.SizeOfImage;
        return tooBig ? NtStatus.SectionTooBig : NtStatus.Success;
    }

    /// <summary>Lets the data segment know where the file ends now.</summary>
    private void Tell(in FileSegment data, Outbox outbox)
    {
        if (data.Exists)
        {
            outbox.Send(data.Section, new AskControlArea(_bytes.Length, ControlAreaPurpose.Resize, Unasked));
        }
    }

    /// <summary>Asks the segments whether something may be; each only when it is there and concerned.</summary>
    /// <returns>Whether there is an answer to wait for.</returns>
    private bool Ask(ulong size, ControlAreaPurpose? ofData, ControlAreaPurpose? ofImage, Outbox outbox)
    {
        _request.Phase = FileRequestPhase.Asks;
        _request.Unanswered = 0;

        // The image first: what it refuses is said first.
        Ask(_segments[ImageSegment], size, ofImage, outbox);
        Ask(_segments[DataSegment], size, ofData, outbox);
        return _request.Unanswered > 0;
    }

    private void Ask(in FileSegment segment, ulong size, ControlAreaPurpose? purpose, Outbox outbox)
    {
        if (segment.Exists && purpose is { } asked)
        {
            _request.Unanswered++;
            outbox.Send(segment.Section, new AskControlArea(size, asked, Asked));
        }
    }

    private void ControlAreaAnswered(ControlAreaAnswered answer, Outbox outbox)
    {
        if (answer.Request == Unasked)
        {
            return;
        }

        Invariant.Holds(_request is { Phase: FileRequestPhase.Asks, Unanswered: > 0 }, "a segment answers what it was asked");

        // The image's refusal of an overwriting is the stronger one, whoever answers first.
        if (_request.Refused == NtStatus.Success || answer.Status == NtStatus.SharingViolation)
        {
            _request.Refused = answer.Status;
        }

        _request.Unanswered--;
        if (_request.Unanswered == 0)
        {
            _request.Phase = FileRequestPhase.Agreed;
            GoOn(outbox);
            BeginNext(outbox);
        }
    }

    private void ControlAreaIdle(ActorId section, ControlAreaIdle idle, Outbox outbox)
    {
        ref FileSegment segment = ref _segments[_segments[DataSegment].Section == section ? DataSegment : ImageSegment];
        Invariant.Holds(segment.Section == section, "only a segment of the file says that nobody uses it");
        if (_request is { Phase: FileRequestPhase.Moves, IsWrite: true })
        {
            // It has not heard yet of what is being written to it; when that is in the file, it says so again.
            return;
        }

        segment.SaidIdle = true;
        segment.IdleForms = idle.Forms;
        if (_request.Kind == FileRequestKind.None)
        {
            LetGoIfIdle(ref segment, outbox);
        }
    }

    /// <summary>A segment that nobody uses goes, unless there is a section object on its way to it.</summary>
    private static void LetGoIfIdle(ref FileSegment segment, Outbox outbox)
    {
        if (segment.Exists && segment.SaidIdle && segment.IdleForms == segment.Forms)
        {
            outbox.Send(segment.Section, default(EndControlArea));
            segment = default;
        }
        else
        {
            segment.SaidIdle = false;
        }
    }
}

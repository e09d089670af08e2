using System.Text;
using ActorVmm.Actors;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;
using ActorVmm.Workloads.Images;

namespace ActorVmm.Machine.Conformance;

/// <summary>Files and their handles, as a session asks for them: what a system-service stub does before and after the file.</summary>
internal sealed class FileCalls(SessionPlan plan, SessionMachine machine, HandleTable handles)
{
    /// <summary>By the number of their first handle, which goes on naming the file when that is closed.</summary>
    private readonly Dictionary<ulong, FileHandle> _files = [];

    /// <summary>A new file on a disk of its own, and a handle of it.</summary>
    public CallAnswer Create(CreateFileCall create)
    {
        byte[] contents = create.Image is { } image
            ? ImageBuilder.Build(image, plan.Architecture == Architecture.X64, create.Size)
            : Encoding.ASCII.GetBytes(create.Data);
        ulong length = create.Size ?? (ulong)contents.Length;
        (ActorId actor, DataFile file) = machine.AddFile(new FilePlan($"file-{_files.Count + 1}", length) { Contents = contents });
        var rights = (FileRights)create.Access | (plan.KernelCaller ? FileRights.Kernel : FileRights.None);
        FileReturned opened = machine.AskFile(actor, request => new OpenFile(request, rights, FileOpening.Plain, 0));
        var handle = new FileHandle(actor, file, (int)opened.Value, rights);
        ulong number = handles.Add(handle);
        _files.Add(number, handle);
        return CallAnswer.Of(opened.Status) with { Bound = number };
    }

    /// <summary>Bytes at an offset, whether the handle is open or not.</summary>
    public CallAnswer Read(ReadFileCall read)
    {
        if (!_files.TryGetValue(read.File.Value, out FileHandle? named))
        {
            return CallAnswer.Of(NtStatus.InvalidHandle);
        }

        FileReturned loaded = machine.AskFile(named.Actor, request => new LoadFile(read.Offset, (int)Math.Min(read.Width, int.MaxValue), request));
        return CallAnswer.Of(loaded.Status, ("data", loaded.Value));
    }

    public CallAnswer SetSize(SetFileSizeCall set) =>
        WithHandle(set.File, handle => machine.AskFile(handle.Actor, request => new SetEndOfFile(set.Size, handle.Object, request)));

    public CallAnswer SetDeleteOnClose(SetDeleteOnCloseCall set) =>
        WithHandle(set.File, handle => machine.AskFile(handle.Actor, request => new SetDisposition(handle.Object, request, set.Delete ? 1 : 0)));

    /// <summary>Opens the file by name; the handle that comes of it is closed at once.</summary>
    public CallAnswer Reopen(ReopenFileCall reopen)
    {
        if (!_files.TryGetValue(reopen.File.Value, out FileHandle? named))
        {
            return CallAnswer.Of(NtStatus.InvalidHandle);
        }

        FileOpening opening = reopen.DeleteOnClose ? FileOpening.DeleteOnClose : FileOpening.Overwrite;
        FileReturned opened = machine.AskFile(named.Actor, request => new OpenFile(request, FileRights.Read | FileRights.Write, opening, 0));
        if (opened.Status == NtStatus.Success)
        {
            machine.AskFile(named.Actor, request => new CloseFile((int)opened.Value, request));
        }

        return CallAnswer.Of(opened.Status);
    }

    /// <summary>The native call of ordinary I/O: the file handle travels as what became of it.</summary>
    public NativeCall Transfer(TransferFileCall transfer)
    {
        HandleResolution resolution = handles.Resolve(transfer.File, out FileHandle? handle);
        return new NativeCall(transfer.IsWrite ? CallService.WriteFile : CallService.ReadFile, transfer.Address, transfer.Size)
        {
            Handle = resolution,
            Words = [(ulong)(handle?.Actor.Value ?? 0), (ulong)(handle?.Object ?? 0)],
        };
    }

    /// <summary>At the end of a file Win32 reads nothing, and that is no failure.</summary>
    public CallAnswer Transferred(NativeAnswer answer)
    {
        NtStatus status = answer.Status == NtStatus.EndOfFile && plan.Level == CallLevel.Win32 ? NtStatus.Success : answer.Status;
        return CallAnswer.Of(status, ("bytes", answer.Returned.Detail));
    }

    /// <summary>Closes a handle of a file; null when it is of something else.</summary>
    public CallAnswer? Close(CloseCall close)
    {
        if (handles.Resolve(close.Handle, out FileHandle? handle) != HandleResolution.Resolved)
        {
            return null;
        }

        handles.Close(close.Handle);
        return CallAnswer.Of(machine.AskFile(handle!.Actor, request => new CloseFile(handle.Object, request)).Status);
    }

    public ulong? LengthOf(ulong file) => _files.TryGetValue(file, out FileHandle? named) ? named.File.Length : null;

    private CallAnswer WithHandle(HandleValue value, Func<FileHandle, FileReturned> ask)
    {
        HandleResolution resolution = handles.Resolve(value, out FileHandle? handle);
        return CallAnswer.Of(handle is null ? SectionChecks.HandleStatus(resolution) : ask(handle).Status);
    }
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>The memory manager of the machine this runs on: maps pages, stores to each of them once, unmaps them.</summary>
internal static class HostKernel
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int NoHugePages = 15;

    public static bool IsAvailable => OperatingSystem.IsLinux();

    /// <summary>Takes <paramref name="rounds"/> times <paramref name="pages"/> first-touch faults, of 4 KiB each.</summary>
    public static void TouchFresh(int pages, int rounds)
    {
        nint bytes = (nint)pages * Environment.SystemPageSize;
        for (int round = 0; round < rounds; round++)
        {
            nint start = mmap(0, bytes, ReadWrite, PrivateAnonymous, -1, 0);
            Check(start != -1);
            Check(madvise(start, bytes, NoHugePages) == 0);
            for (nint at = start; at < start + bytes; at += Environment.SystemPageSize)
            {
                Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), at) = 1;
            }

            Check(munmap(start, bytes) == 0);
        }
    }

    private static void Check(bool done)
    {
        if (!done)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int madvise(nint address, nint length, int advice);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(nint address, nint length);
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>
/// Processor time of the calling thread, user and system: what else the machine does meanwhile does not count, so that figures from a
/// busy machine still compare. Where it cannot be had, wall time.
/// </summary>
internal static class ProcessorTime
{
    private const int ThreadProcessorTime = 3;

    public static TimeSpan Used()
    {
        if (!OperatingSystem.IsLinux())
        {
            return System.Diagnostics.Stopwatch.GetElapsedTime(0);
        }

        if (clock_gettime(ThreadProcessorTime, out Time time) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

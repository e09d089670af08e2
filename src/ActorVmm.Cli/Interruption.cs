using System.Runtime.InteropServices;

namespace ActorVmm.Cli;

/// <summary>
/// The first Ctrl-C or SIGTERM asks the verb to stop and report; it has two seconds. The second one, and the end of the two
/// seconds, end the program where it is.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>SIGXFSZ: a file would become larger than this process may make one.</summary>
    private const PosixSignal FileSizeLimit = (PosixSignal)25;

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(1_800);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TimeProvider _clock;
    private ITimer? _deadline;
    private int _code;

    public Interruption(TimeProvider clock)
    {
        _clock = clock;
        Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        if (!OperatingSystem.IsWindows())
        {
            // The write itself fails, as on a full disk: whoever writes says so, instead of the program being gone.
            _registrations.Add(PosixSignalRegistration.Create(FileSizeLimit, context => context.Cancel = true));
        }
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>What to exit with because of a signal; null when there was none.</summary>
    public ExitCode? Code => Volatile.Read(ref _code) is not 0 and int code ? (ExitCode)code : null;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _deadline?.Dispose();
        _stop.Dispose();
    }

    private void Listen(PosixSignal signal, ExitCode code) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (Interlocked.CompareExchange(ref _code, (int)code, 0) != 0)
            {
                Environment.Exit((int)code);
            }

            _deadline = _clock.CreateTimer(_ => Environment.Exit((int)code), null, _patience, Timeout.InfiniteTimeSpan);
            _stop.Cancel();
        }));
}

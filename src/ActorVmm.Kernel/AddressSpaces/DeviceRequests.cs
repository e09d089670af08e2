using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>What the threads of a process have asked of devices, one request a thread.</summary>
internal sealed class DeviceRequests : IEncodable
{
    private DeviceRequest[] _requests = [];
    private int _count;

    /// <summary>Drivers were told that this process is current, and not yet that it leaves.</summary>
    public bool IsCurrent;

    /// <summary>The request of a thread; null when it has none.</summary>
    public CallRow? Of(int thread) => thread < _count ? _requests[thread].Row : null;

    public CallRow Begin(int thread, CallRow row)
    {
        if (thread >= _count)
        {
            Array.Resize(ref _requests, thread + 1);
            _count = thread + 1;
        }

        _requests[thread].Row = row;
        return row;
    }

    public void End(int thread) => _requests[thread].Row = null;

    public void Encode(StateCodec codec)
    {
        codec.Rows("requests", ref _requests, ref _count);
        codec.Field("current", ref IsCurrent);
    }

    private struct DeviceRequest : IEncodable
    {
        public CallRow? Row;

        public void Encode(StateCodec codec) => codec.Part("request", ref Row);
    }
}

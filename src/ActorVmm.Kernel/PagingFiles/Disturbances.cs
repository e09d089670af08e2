namespace ActorVmm.Kernel.PagingFiles;

/// <summary>What is wrong with a device by order of the scenario. Of each kind the latest order holds; its end ends it.</summary>
internal sealed class Disturbances : IEncodable
{
    private readonly int[] _factors = [1, 0, 0];
    private readonly int[] _numbers = new int[3];
    private Outages? _outages;

    /// <summary>Latencies are multiplied by this.</summary>
    public int Slowness => _factors[(int)InjectionCode.Slow];

    /// <summary>The device is gone.</summary>
    public bool IsOffline => _outages is { } outages && outages.Has(InjectionCode.Offline);

    /// <summary>The file cannot be extended.</summary>
    public bool CannotExtend => _outages is { } outages && (outages.Has(InjectionCode.Offline) || outages.Has(InjectionCode.ExtensionError));

    /// <summary>Who asked for an extension while there could be none; outside when nobody did.</summary>
    public ActorId RefusedExtension
    {
        get => _outages?.RefusedExtension ?? ActorId.Outside;
        set => _outages?.RefusedExtension = value;
    }

    /// <summary>Reads, or writes, of which so many in a thousand fail.</summary>
    public int FailuresOf(bool write) => _factors[(int)(write ? InjectionCode.WriteError : InjectionCode.ReadError)];

    /// <returns>The number that ends this disturbance and no other.</returns>
    public int Begin(InjectionCode kind, int factor)
    {
        if (kind >= InjectionCode.Offline)
        {
            return (_outages ??= new Outages()).Begin(kind);
        }

        _factors[(int)kind] = Math.Max(factor, 0);
        return ++_numbers[(int)kind];
    }

    public void End(InjectionCode kind, int number)
    {
        if (kind >= InjectionCode.Offline)
        {
            _outages?.End(kind, number);
        }
        else if (number == _numbers[(int)kind])
        {
            _factors[(int)kind] = kind == InjectionCode.Slow ? 1 : 0;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("factors", _factors);
        codec.Values("numbers", _numbers);
        codec.Addition("outages", ref _outages);
    }
}

namespace ActorVmm.Kernel.PagingFiles;

/// <summary>What a device cannot do at all by order of the scenario; a device that never was out has none.</summary>
internal sealed class Outages : IEncodable
{
    private const InjectionCode First = InjectionCode.Offline;

    private readonly int[] _lasting = new int[2];
    private readonly int[] _numbers = new int[2];

    /// <summary>Who asked for an extension while there could be none; outside when nobody did.</summary>
    public ActorId RefusedExtension;

    public bool Has(InjectionCode kind) => _lasting[kind - First] != 0;

    /// <returns>The number that ends this outage and no other.</returns>
    public int Begin(InjectionCode kind)
    {
        _lasting[kind - First] = 1;
        return ++_numbers[kind - First];
    }

    public void End(InjectionCode kind, int number)
    {
        if (number == _numbers[kind - First])
        {
            _lasting[kind - First] = 0;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("lasting", _lasting);
        codec.Values("numbers", _numbers);
        codec.Field("refused extension", ref RefusedExtension);
    }
}

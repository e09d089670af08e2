namespace ActorVmm.Kernel.PagingFiles;

/// <summary>What is wrong with a device by order of the scenario. Of each kind the latest order holds; its end ends it.</summary>
internal sealed class Disturbances : IEncodable
{
    private readonly int[] _factors = [1, 0, 0];
    private readonly int[] _numbers = new int[3];

    /// <summary>Latencies are multiplied by this.</summary>
    public int Slowness => _factors[(int)InjectionCode.Slow];

    /// <summary>Reads, or writes, of which so many in a thousand fail.</summary>
    public int FailuresOf(bool write) => _factors[(int)(write ? InjectionCode.WriteError : InjectionCode.ReadError)];

    /// <returns>The number that ends this disturbance and no other.</returns>
    public int Begin(InjectionCode kind, int factor)
    {
        _factors[(int)kind] = Math.Max(factor, 0);
        return ++_numbers[(int)kind];
    }

    public void End(InjectionCode kind, int number)
    {
        if (number == _numbers[(int)kind])
        {
            _factors[(int)kind] = kind == InjectionCode.Slow ? 1 : 0;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("factors", _factors);
        codec.Values("numbers", _numbers);
    }
}

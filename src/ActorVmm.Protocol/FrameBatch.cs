using System.Runtime.CompilerServices;

namespace ActorVmm.Protocol;

/// <summary>Up to seven frames in one message.</summary>
public record struct FrameBatch : IEncodable
{
    /// <summary>The most frames a batch can hold.</summary>
    public const int Capacity = 7;

    private static readonly string[] _names = ["frame 0", "frame 1", "frame 2", "frame 3", "frame 4", "frame 5", "frame 6"];

    private uint _count;
    private uint _first;
#pragma warning disable CS0169, IDE0051 // the other six cells are reached from the first
    private uint _second;
    private uint _third;
    private uint _fourth;
    private uint _fifth;
    private uint _sixth;
    private uint _seventh;
#pragma warning restore CS0169, IDE0051

    public readonly int Count => (int)_count;

    public readonly bool IsFull => _count == Capacity;

    public readonly Pfn this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, _count, nameof(index));
            return new Pfn(Unsafe.Add(ref Unsafe.AsRef(in _first), index));
        }
    }

    public void Add(Pfn frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_count, (uint)Capacity, nameof(frame));
        Unsafe.Add(ref _first, (int)_count++) = frame.Value;
    }

    /// <summary>Takes the frame that was added last.</summary>
    public Pfn RemoveLast()
    {
        Pfn last = this[(int)_count - 1];
        _count--;
        Unsafe.Add(ref _first, (int)_count) = 0;
        return last;
    }

    /// <summary>Passes the batch through a codec, for actors that keep one in their state.</summary>
    public void Encode(StateCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        codec.Field("frames", ref _count);
        for (int index = 0; index < Capacity; index++)
        {
            codec.Field(_names[index], ref Unsafe.Add(ref _first, index));
        }
    }
}

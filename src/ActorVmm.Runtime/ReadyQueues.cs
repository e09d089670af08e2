using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>
/// The dispatcher's ready queues, as in Windows: one per priority 0 to 31 and a bitmap of those that are not empty. First come,
/// first served within a priority. The queues are lists linked through the cells.
/// </summary>
public sealed class ReadyQueues
{
    public const int HighestPriority = 31;

    private readonly int[] _heads = new int[HighestPriority + 1];
    private readonly int[] _tails = new int[HighestPriority + 1];
    private uint _ready;

    public bool IsEmpty => _ready == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ActorTable actors, int id, ref ActorCell cell)
    {
        int priority = cell.Role.Priority;
        cell.NextReady = 0;
        if (_heads[priority] == 0)
        {
            _heads[priority] = id;
            _ready |= 1u << priority;
        }
        else
        {
            actors[_tails[priority]].NextReady = id;
        }

        _tails[priority] = id;
    }

    /// <summary>Takes the actor that has waited longest at the highest priority; the queues are not empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(ActorTable actors)
    {
        int priority = BitOperations.Log2(_ready);
        int id = _heads[priority];
        int next = actors[id].NextReady;
        _heads[priority] = next;
        if (next == 0)
        {
            _ready &= ~(1u << priority);
        }

        return id;
    }

    /// <summary>Passes who waits, in order, through the codec.</summary>
    internal void Encode(StateCodec codec, ActorTable actors)
    {
        uint ready = _ready;
        codec.Field("ready", ref ready);
        if (codec.Restoring)
        {
            Array.Clear(_heads);
            _ready = 0;
        }

        for (; ready != 0; ready &= ready - 1)
        {
            EncodeQueue(codec, actors, _heads[BitOperations.TrailingZeroCount(ready)]);
        }
    }

    private void EncodeQueue(StateCodec codec, ActorTable actors, int id)
    {
        codec.Field("first", ref id);
        while (id != 0)
        {
            int next = codec.Restoring ? 0 : actors[id].NextReady;
            codec.Field("next", ref next);
            if (codec.Restoring)
            {
                Add(actors, id, ref actors[id]);
            }

            id = next;
        }
    }
}

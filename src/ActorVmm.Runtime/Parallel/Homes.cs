using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// On which core each actor lives: a byte by id, in chunks that never move. The creator's core writes it before anybody can
/// have heard of the id, and whoever uses the id got it by message; so no lock is needed to read it.
/// </summary>
internal sealed class Homes
{
    /// <summary>The id was given to nobody.</summary>
    public const int Nobody = byte.MaxValue;

    private const int Shift = 12;
    private readonly Lock _growing = new();
    private byte[][] _chunks = [];
    private byte[] _scratch = [];
    private int _ids = 1;

    /// <summary>One more than the highest id that was reserved.</summary>
    public int Ids => Volatile.Read(ref _ids);

    public int this[ActorId actor]
    {
        get
        {
            byte[][] chunks = Volatile.Read(ref _chunks);
            int chunk = actor.Value >> Shift;
            return (uint)chunk < (uint)chunks.Length ? chunks[chunk][actor.Value & ((1 << Shift) - 1)] : Nobody;
        }
    }

    /// <summary>Takes a block of ids that nobody else gets.</summary>
    public int Reserve(int count) => Interlocked.Add(ref _ids, count) - count;

    /// <summary>On replay, ids are given out as they were.</summary>
    public void Reserved(int end)
    {
        lock (_growing)
        {
            _ids = Math.Max(_ids, end);
        }
    }

    public void Settle(ActorId actor, int core)
    {
        int chunk = actor.Value >> Shift;
        if (chunk >= Volatile.Read(ref _chunks).Length)
        {
            Grow(chunk);
        }

        _chunks[chunk][actor.Value & ((1 << Shift) - 1)] = (byte)core;
    }

    /// <summary>Passes everybody's home through the codec.</summary>
    public void Encode(StateCodec codec)
    {
        int count = Ids;
        if (_scratch.Length < count)
        {
            _scratch = new byte[Math.Max(count, _scratch.Length * 2)];
        }

        for (int id = 0; id < count; id++)
        {
            _scratch[id] = (byte)this[new ActorId(id)];
        }

        codec.Values("homes", ref _scratch, ref count);
        if (codec.Restoring)
        {
            Restore(count);
        }
    }

    private void Restore(int count)
    {
        foreach (byte[] chunk in _chunks)
        {
            Array.Fill(chunk, (byte)Nobody);
        }

        _ids = count;
        for (int id = 0; id < count; id++)
        {
            if (_scratch[id] != Nobody)
            {
                Settle(new ActorId(id), _scratch[id]);
            }
        }
    }

    private void Grow(int chunk)
    {
        lock (_growing)
        {
            byte[][] chunks = _chunks;
            if (chunk < chunks.Length)
            {
                return;
            }

            int known = chunks.Length;
            Array.Resize(ref chunks, Math.Max(chunk + 1, known * 2));
            for (int i = known; i < chunks.Length; i++)
            {
                chunks[i] = new byte[1 << Shift];
                Array.Fill(chunks[i], (byte)Nobody);
            }

            Volatile.Write(ref _chunks, chunks);
        }
    }
}

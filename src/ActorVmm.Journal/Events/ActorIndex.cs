namespace ActorVmm.Journal.Events;

/// <summary>
/// Numbers the actors of a batch as they first appear, and knows of each when and how it appeared last. Encoder and decoder
/// keep the same one, so that what can be foreseen takes no bytes.
/// </summary>
internal sealed class ActorIndex
{
    /// <summary>The outside world is always the first.</summary>
    public const int Outside = 0;

    private readonly Dictionary<int, int> _numbers = [];
    private Known[] _known = new Known[256];

    public int Count { get; private set; }

    /// <summary>The id that was added last.</summary>
    public int NewestId => _known[Count - 1].Id;

    public ref Known this[int number] => ref _known[number];

    public void Clear()
    {
        _numbers.Clear();
        Count = 0;
        Add(0);
    }

    /// <summary>The number of an actor; −1 when it has not appeared.</summary>
    public int Find(int id) => _numbers.TryGetValue(id, out int number) ? number : -1;

    public int Add(int id)
    {
        if (Count == _known.Length)
        {
            Array.Resize(ref _known, Count * 2);
        }

        _known[Count] = new Known { Id = id, Row = -1, Follower = -1, Sender = -1 };
        _numbers.Add(id, Count);
        return Count++;
    }

    public struct Known
    {
        public int Id;

        /// <summary>The row of its latest turn; −1 when it has not had one.</summary>
        public int Row;

        /// <summary>Who received after it, when it received last.</summary>
        public int Follower;

        /// <summary>Who else sent to it last.</summary>
        public int Sender;

        /// <summary>Its count at the latest message of it that was delivered.</summary>
        public int SenderCount;
    }
}

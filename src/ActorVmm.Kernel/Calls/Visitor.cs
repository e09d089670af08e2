namespace ActorVmm.Kernel.Calls;

/// <summary>Somebody outside the process who has one operation, or one call, carried out in it, by a thread of its own.</summary>
internal struct Visitor : IEncodable
{
    /// <summary>Who asked.</summary>
    public ActorId Actor;

    /// <summary>The asker's own number for it.</summary>
    public ulong Request;

    /// <summary>What a store stores.</summary>
    public ulong Value;

    /// <summary>The call; null for an operation.</summary>
    public CallRow? Call;

    private int _thread;
    private ulong _address;
    private ulong _detail;

    public Visitor(ActorId actor, in Perform perform)
    {
        Actor = actor;
        Request = perform.Request;
        Value = perform.Value;
        _thread = perform.Thread;
        _address = perform.Operation.Address;
        _detail = perform.Operation.Detail;
    }

    public Visitor(ActorId actor, uint request)
    {
        Actor = actor;
        Request = request;
        Call = new CallRow();
    }

    public readonly Operation Operation => Operation.FromWords(_address, _detail);

    /// <summary>The number of the thread that it is done for; −1 for one of another process.</summary>
    public readonly int Thread => Call?.Thread ?? _thread;

    public void Encode(StateCodec codec)
    {
        codec.Field("visitor", ref Actor);
        codec.Field("request", ref Request);
        codec.Field("visitor value", ref Value);
        codec.Field("visitor thread", ref _thread);
        codec.Field("visitor address", ref _address);
        codec.Field("visitor detail", ref _detail);
        codec.Part("call", ref Call);
    }
}

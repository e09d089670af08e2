namespace ActorVmm.Runtime;

/// <summary>
/// Messages on their way, in the order in which they were sent, and which of them a delivery model lets arrive next. The order
/// of sending extends happens-before, so a message can be blocked by earlier ones only.
/// </summary>
internal sealed class PendingMessages(DeliveryModel model)
{
    private readonly CausalPast? _past = model == DeliveryModel.Causal ? new CausalPast() : null;
    private PendingMessage[] _messages = new PendingMessage[16];
    private int _count;

    public ReadOnlySpan<PendingMessage> All => _messages.AsSpan(0, _count);

    public ref PendingMessage this[int at] => ref _messages[at];

    /// <summary>Puts a message on its way; the caller fills in what it says.</summary>
    public ref PendingMessage Add(ActorId sender, int senderCount, ActorId to)
    {
        if (_count == _messages.Length)
        {
            Array.Resize(ref _messages, _count * 2);
        }

        ref PendingMessage added = ref _messages[_count];
        added.Delivery.Sender = sender;
        added.Delivery.SenderCount = senderCount;
        added.Timer = default;
        added.To = to;
        added.Past = _past?.Remember(sender, senderCount) ?? 0;
        added.Blocked = IsBlocked(_count);
        _count++;
        return ref added;
    }

    /// <summary>Takes a message out that has been delivered: its receiver now knows what its sender knew.</summary>
    public void Delivered(int at)
    {
        ref PendingMessage message = ref _messages[at];
        _past?.Learn(message.To, message.Past, message.Delivery.Sender, message.Delivery.SenderCount);
        Remove(at);
    }

    /// <summary>A created actor knows what its creator knew.</summary>
    public void Born(ActorId creator, ActorId child) => _past?.Inherit(creator, child);

    /// <summary>Drops all messages to an actor that has stopped and returns how many there were.</summary>
    public int DropAll(ActorId to)
    {
        int dropped = 0;
        for (int at = _count - 1; at >= 0; at--)
        {
            if (_messages[at].To == to)
            {
                Remove(at);
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>
    /// How many messages on their way have to arrive before this one; says all about its order, except under causal delivery,
    /// where what is known of each other says the rest.
    /// </summary>
    public int PlaceInOrder(int at)
    {
        int place = 0;
        for (int earlier = 0; earlier < at; earlier++)
        {
            place += _messages[earlier].To == _messages[at].To && Blocks(in _messages[earlier], in _messages[at]) ? 1 : 0;
        }

        return place;
    }

    /// <summary>Under causal delivery, how many messages of every actor one knows of, by id; it decides what its messages may overtake.</summary>
    public ReadOnlySpan<int> KnownTo(ActorId actor) => _past is null ? [] : _past.KnownTo(actor);

    /// <summary>The same of a message: what its receiver will know.</summary>
    public ReadOnlySpan<int> KnownBehind(int at) => _past is null ? [] : _past.KnownBehind(_messages[at].Past);

    /// <summary>Messages have to be told apart by their numbers, because others may know of some of them.</summary>
    public bool NumbersMatter => _past is not null;

    public void Encode(StateCodec codec)
    {
        codec.Values("pending", ref _messages, ref _count);
        _past?.Encode(codec);
    }

    private void Remove(int at)
    {
        ref PendingMessage removed = ref _messages[at];
        for (int later = at + 1; later < _count; later++)
        {
            ref PendingMessage waiting = ref _messages[later];
            if (waiting.Blocked && waiting.To == removed.To && Blocks(in removed, in waiting))
            {
                waiting.Blocked = IsBlocked(later, except: at);
            }
        }

        _past?.Forget(removed.Past);
        _count--;
        Array.Copy(_messages, at + 1, _messages, at, _count - at);
    }

    private bool IsBlocked(int at, int except = -1)
    {
        if (model == DeliveryModel.Bag)
        {
            return false;
        }

        ref PendingMessage message = ref _messages[at];
        for (int earlier = at - 1; earlier >= 0; earlier--)
        {
            if (earlier != except && _messages[earlier].To == message.To && Blocks(in _messages[earlier], in message))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether of two messages to one receiver the earlier has to arrive first.</summary>
    private bool Blocks(in PendingMessage earlier, in PendingMessage later) => model switch
    {
        DeliveryModel.Bag => false,
        DeliveryModel.Mailbox => true,
        DeliveryModel.Fifo => earlier.Delivery.Sender == later.Delivery.Sender,
        DeliveryModel.Causal => earlier.Delivery.Sender == later.Delivery.Sender
            || (!earlier.Delivery.Sender.IsOutside && _past!.Knows(later.Past, earlier.Delivery.Sender, earlier.Delivery.SenderCount)),
    };
}

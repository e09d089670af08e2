namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §24: a packet goes down its stack one driver at a time, comes up the way it went down, and leaves at the top, once. A driver that hands a
/// packet on has no business with it any more; one that does it all the same shows here as a step that is none.
/// </summary>
public sealed class NoPacketLeavesAStackTwice
    : Specification, IHear<PacketWentDown>, IHear<PacketCompleted>, IHear<PacketWentUp>, IHear<PacketLeft>
{
    private readonly SortedDictionary<int, Place> _places = [];
    private readonly Situation _passed;

    public NoPacketLeavesAStackTwice()
        : base(nameof(NoPacketLeavesAStackTwice), "a packet comes up a device stack the way it went down, and leaves it once")
    {
        _passed = Sometimes("a packet passed a filter on its way up");
    }

    public void Hear(in PacketWentDown fact)
    {
        bool inside = _places.TryGetValue(fact.Packet.Value, out Place place);
        int expected = inside ? place.Location + 1 : 0;
        Step(fact.Packet, fact.Device, fact.Location, expected, inside && (place.Rising || place.Device != fact.Device), rising: false);
    }

    public void Hear(in PacketCompleted fact)
    {
        bool inside = _places.TryGetValue(fact.Packet.Value, out Place place);
        Step(fact.Packet, fact.Device, place.Location, place.Location, !inside || place.Rising || place.Device != fact.Device, rising: true);
    }

    public void Hear(in PacketWentUp fact)
    {
        bool inside = _places.TryGetValue(fact.Packet.Value, out Place place);
        _passed.SeenIf(fact.Location > 0);
        Step(fact.Packet, fact.Device, fact.Location, place.Location - 1, !inside || !place.Rising || place.Device != fact.Device, rising: true);
    }

    public void Hear(in PacketLeft fact)
    {
        if (!_places.Remove(fact.Packet.Value, out Place place))
        {
            Violated($"packet {fact.Packet.Value} leaves stack {fact.Device}, and it is in none: it has left already");
        }
        else if (place.Location != 0 || !place.Rising || place.Device != fact.Device)
        {
            Violated($"packet {fact.Packet.Value} leaves stack {fact.Device}, and it is at driver {place.Location} of stack {place.Device}");
        }
    }

    private void Step(PacketId packet, int device, int location, int expected, bool wrong, bool rising)
    {
        if (wrong || location != expected)
        {
            Violated($"packet {packet.Value} is at driver {location} of stack {device} on its way {(rising ? "up" : "down")}, which is not where it has to go next");
        }

        _places[packet.Value] = new Place(device, location, rising);
    }

    private readonly record struct Place(int Device, int Location, bool Rising);
}

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// A place in the record of a parallel run. However the record is cut into pieces, it names the same place.
/// </summary>
/// <param name="Deliveries">Turns taken.</param>
/// <param name="Ended">Recorded runs that have ended since the last of these turns.</param>
/// <param name="Heard">Of what came from outside before the next recorded run, how much has been heard.</param>
/// <param name="InRun">Whether a recorded run is under way.</param>
internal readonly record struct RecordPosition(long Deliveries, int Ended, int Heard, bool InRun)
{
    /// <summary>Passes the position through the codec, and says for how many cores it is.</summary>
    /// <exception cref="InvalidOperationException">The snapshot was taken of a host with another number of cores.</exception>
    public RecordPosition Encode(StateCodec codec, int cores)
    {
        int saved = cores;
        codec.Field("cores", ref saved);
        if (saved != cores)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"the snapshot is of {saved} cores, and this host has {cores}"));
        }

        (long deliveries, int ended, int heard, bool inRun) = this;
        codec.Field("deliveries", ref deliveries);
        codec.Field("ended", ref ended);
        codec.Field("heard", ref heard);
        codec.Field("inRun", ref inRun);
        return new RecordPosition(deliveries, ended, heard, inRun);
    }
}

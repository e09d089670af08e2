using ActorVmm.Actors;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Snapshots;
using ActorVmm.Kernel;
using ActorVmm.Kernel.Sections;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A checkpoint as the journal keeps it, for a machine that another process puts together of the same scenario. The cast says who
/// is who: the starting actors are those of the new machine, and a process is made again by its serial number, which says its plan.
/// Only the very program that wrote one opens it: another build may lay states out differently, and an earlier snapshot, or the
/// beginning of the run, does as well.
/// </summary>
internal static class EncodedCheckpoint
{
    private const int MostActors = 1 << 28;
    private const byte Nobody = 0;
    private const byte Starting = 1;
    private const byte Started = 2;
    private const byte Formed = 3;

    /// <summary>Which build of everything that has a state this is.</summary>
    private static readonly string _build = string.Concat(
        new[] { typeof(Mix), typeof(IHost), typeof(Protocol.Vpn), typeof(Process), typeof(SimulatedMachine) }.Select(type => type.Module.ModuleVersionId.ToString("N")[..8]));

    /// <summary>Copies a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="host">The kind of host that it was saved on: another cannot go on from it.</param>
    public static MachineStateTaken Encode(MachineCheckpoint checkpoint, string host)
    {
        var cast = new ByteWriter();
        cast.Text(_build);
        cast.Text(host);
        cast.Number(checkpoint.Now.Value);
        cast.Byte(checkpoint.Ended ? (byte)1 : (byte)0);
        cast.Number(checkpoint.Actors.Written.Length);
        cast.Number(checkpoint.Processes.Count);
        cast.Number(checkpoint.Gone.Count);
        foreach (int gone in checkpoint.Gone)
        {
            cast.Number(gone);
        }

        cast.Number(checkpoint.Actors.ActorCount);
        for (int id = 0; id < checkpoint.Actors.ActorCount; id++)
        {
            IActor? actor = checkpoint.Actors.Actor(new ActorId(id));
            cast.Byte(actor switch { null => Nobody, Process => Started, Section => Formed, _ => Starting });
            if (actor is Process process)
            {
                cast.Number(process.Serial);
            }
            else if (actor is Section section)
            {
                cast.Number(section.Serial);
            }
        }

        byte[] state = [.. checkpoint.Actors.Written, .. checkpoint.Beside.Span];
        return new MachineStateTaken { Delivery = checkpoint.Turns, Cast = cast.ToArray(), State = state };
    }

    /// <summary>Whether a snapshot is of this build and this kind of host.</summary>
    public static bool Fits(MachineStateTaken state, string host)
    {
        try
        {
            var reader = new ByteReader(state.Cast.Span);
            return string.Equals(reader.Text(), _build, StringComparison.Ordinal) && string.Equals(reader.Text(), host, StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Makes a checkpoint of a machine again; null when the snapshot does not fit.</summary>
    /// <param name="state">What the journal keeps.</param>
    /// <param name="machine">A machine of the same scenario.</param>
    /// <param name="host">The kind of its host.</param>
    public static MachineCheckpoint? Decode(MachineStateTaken state, SimulatedMachine machine, string host)
    {
        if (!Fits(state, host))
        {
            return null;
        }

        try
        {
            var reader = new ByteReader(state.Cast.Span);
            reader.Text();
            reader.Text();
            (long now, bool ended, int length) = (reader.Long(), reader.Byte() != 0, reader.Int());
            Process[] processes = new Process[Bounded(reader.Int(), MostActors)];
            int[] gone = new int[Bounded(reader.Int(), processes.Length)];
            for (int i = 0; i < gone.Length; i++)
            {
                gone[i] = Bounded(reader.Int(), processes.Length - 1);
            }

            IActor?[] actors = new IActor?[reader.Count()];
            for (int serial = 0; serial < processes.Length; serial++)
            {
                processes[serial] = machine.MakeProcess(serial);
            }

            for (int id = 0; id < actors.Length; id++)
            {
                actors[id] = ActorOf(ref reader, new ActorId(id), machine, processes);
            }

            reader.End();
            var snapshot = MachineSnapshot.Load(state.State[..Bounded(length, state.State.Length)], actors);
            return MachineCheckpoint.Load(state.Delivery, new Ticks(now), ended, snapshot, processes, gone, state.State[length..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static IActor? ActorOf(ref ByteReader reader, ActorId id, SimulatedMachine machine, Process[] processes) => reader.Byte() switch
    {
        Nobody => null,
        Starting => ((IInspectedHost)machine.Host).ActorOf(id) ?? throw new FormatException("an actor that the machine does not start with"),
        Started => processes[Bounded(reader.Int(), processes.Length - 1)],
        Formed => machine.MakeSection((uint)reader.Long()),
        byte other => throw new FormatException(FormattableString.Invariant($"an actor of kind {other}")),
    };

    private static int Bounded(int value, int most) =>
        value <= most ? value : throw new FormatException(FormattableString.Invariant($"{value} where at most {most} make sense"));
}

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// The record of a parallel run, piece by piece, so that no more of it than a piece need lie in memory. A
/// <see cref="ParallelRecord"/> is one that has one piece.
/// </summary>
public interface IParallelRecording
{
    /// <summary>Cores of the host that recorded it.</summary>
    int Cores { get; }

    /// <summary>
    /// The pieces in order, read as they are asked for. The first is the first of all that ends at or after a delivery: that
    /// holds the delivery or what came from outside after it. None when the record ends before that delivery.
    /// </summary>
    /// <param name="delivery">How many turns have been taken; 0 for the whole record.</param>
    IEnumerable<ParallelPiece> From(long delivery);
}

/// <summary>A piece of a record.</summary>
/// <param name="Before">Turns in all pieces before it.</param>
/// <param name="Record">As <see cref="ParallelHost.TakeRecord"/> gave it, or several joined.</param>
public readonly record struct ParallelPiece(long Before, ParallelRecord Record);

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>
/// Whoever asks for the time fails now and then. A recorder asks whenever it makes a row, so this is how it is made to fail at any of them.
/// </summary>
/// <param name="fails">Whether it fails at this call, counted from 1.</param>
internal sealed class FailingClock(Func<int, bool> fails) : TimeProvider
{
    private int _asked;

    /// <summary>How often it has failed.</summary>
    public int Failures { get; private set; }

    public override DateTimeOffset GetUtcNow()
    {
        if (!fails(++_asked))
        {
            return System.GetUtcNow();
        }

        Failures++;
        throw new InvalidOperationException("the clock has stopped");
    }
}

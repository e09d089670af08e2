using Akka.Configuration;

namespace ActorVmm.Akka.Recording;

/// <summary>What <c>actorvmm.recorder</c> says: how a recorder that has failed is started again.</summary>
/// <param name="MinBackoff">Before the first start; every further one waits twice as long.</param>
/// <param name="MaxBackoff">But no longer than this.</param>
/// <param name="RandomFactor">By how much of itself a wait may be longer, from 0 to 1.</param>
/// <param name="MaxRetries">Starts in a row in which nothing is persisted; then it is given up. 0: it is never started again.</param>
internal sealed record RecorderSettings(TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor, int MaxRetries)
{
    /// <summary>Where they are said.</summary>
    public const string Section = "actorvmm.recorder";

    /// <param name="configuration">An actor system's.</param>
    /// <exception cref="ArgumentException">They make no sense.</exception>
    public static RecorderSettings Of(Config configuration)
    {
        Config said = configuration.GetConfig(Section);
        RecorderSettings settings = new(
            said.GetTimeSpan("min-backoff", allowInfinite: false), said.GetTimeSpan("max-backoff", allowInfinite: false), said.GetDouble("random-factor"), said.GetInt("max-retries"));
        if (settings.MinBackoff <= TimeSpan.Zero || settings.MaxBackoff < settings.MinBackoff)
        {
            throw new ArgumentException("min-backoff is more than nothing, and no more than max-backoff");
        }

        if (settings.RandomFactor is not (>= 0 and <= 1))
        {
            throw new ArgumentException("random-factor is from 0 to 1");
        }

        return settings.MaxRetries >= 0 ? settings : throw new ArgumentException("max-retries is 0 or more: a run does not wait for ever");
    }
}

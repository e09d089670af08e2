namespace ActorVmm.Explorer.Dpor;

/// <summary>Counts through the answers that a turn can be given, the last question fastest.</summary>
internal static class Answers
{
    /// <summary>The answers that come next: a beginning, to go on with zeros; null behind the last.</summary>
    public static Choice[]? After(ReadOnlySpan<Choice> answers)
    {
        for (int at = answers.Length - 1; at >= 0; at--)
        {
            if (answers[at].Answer + 1 < answers[at].Alternatives)
            {
                Choice[] next = answers[..(at + 1)].ToArray();
                next[at] = next[at] with { Answer = next[at].Answer + 1 };
                return next;
            }
        }

        return null;
    }

    /// <summary>The first answers from a beginning on with which a message does not sleep; null when it sleeps with all.</summary>
    public static Choice[]? FirstAwake(ReadOnlySpan<Step> sleeping, MessageName name, Choice[] from)
    {
        Choice[]? candidate = from;
        for (int at = 0; at < sleeping.Length && candidate is not null; at++)
        {
            ref readonly Step step = ref sleeping[at];
            if (step.Name != name)
            {
                continue;
            }

            if (step.Answers is null)
            {
                return null;
            }

            if (BeginsWith(step.Answers, candidate))
            {
                candidate = After(step.Answers);
                at = -1;
            }
        }

        return candidate;
    }

    /// <summary>Whether answers are a beginning and then zeros.</summary>
    private static bool BeginsWith(ReadOnlySpan<Choice> answers, ReadOnlySpan<Choice> beginning)
    {
        if (answers.Length < beginning.Length || !answers[..beginning.Length].SequenceEqual(beginning))
        {
            return false;
        }

        foreach (Choice choice in answers[beginning.Length..])
        {
            if (choice.Answer != 0)
            {
                return false;
            }
        }

        return true;
    }
}

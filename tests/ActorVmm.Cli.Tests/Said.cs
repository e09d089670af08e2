namespace ActorVmm.Cli.Tests;

internal static class Said
{
    public static void ShouldContainEach(this string text, IEnumerable<string> words)
    {
        foreach (string word in words)
        {
            text.ShouldContain(word);
        }
    }
}

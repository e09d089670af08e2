namespace ActorVmm.Explorer.Strategies;

/// <summary>A few steps of an execution, drawn at random and without regard to each other.</summary>
internal sealed class ChangePoints(int count)
{
    private readonly int[] _steps = new int[count];

    public int Count => count;

    /// <summary>Draws all anew.</summary>
    /// <param name="dice">From where.</param>
    /// <param name="length">Steps are from 1 to this.</param>
    public void Draw(ref Dice dice, int length)
    {
        for (int i = 0; i < count; i++)
        {
            _steps[i] = 1 + dice.Below(length);
        }
    }

    public int this[int at] => _steps[at];
}

using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>
/// Random programs against a flat model of memory. ACTORVMM_LONG=1 runs ten times as many.
/// </summary>
public sealed class RandomProgramTests
{
    private const int Groups = 8;
    private const int Operations = 400;

    private static readonly int _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") == "1" ? 2_400 : 240;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void EveryAnswerIsThatOfAFlatMemory(int group)
    {
        for (int seed = group; seed < _seeds; seed += Groups)
        {
            var machine = new RandomMachine(seed);
            try
            {
                machine.Run(Operations);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{machine}: {failure.Message}"), failure);
            }
        }
    }
}

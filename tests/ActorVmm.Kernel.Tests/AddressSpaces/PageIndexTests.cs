using ActorVmm.Kernel.AddressSpaces;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

public sealed class PageIndexTests
{
    [Fact]
    public void ItFindsWhatALookThroughAllKeysFinds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), numbers =>
        {
            var index = new PageIndex(4);
            List<ulong> keys = [];
            foreach (ulong key in numbers.Select(number => (ulong)number << (number % 40)))
            {
                int row = keys.IndexOf(key);
                index.Find(key, keys.ToArray()).ShouldBe(row);
                if (row < 0)
                {
                    keys.Add(key);
                    index.Add(keys.Count - 1, keys.ToArray());
                }
            }

            var rebuilt = new PageIndex(4);
            rebuilt.Rebuild(keys.ToArray());
            for (int row = 0; row < keys.Count; row++)
            {
                index.Find(keys[row], keys.ToArray()).ShouldBe(row);
                rebuilt.Find(keys[row], keys.ToArray()).ShouldBe(row);
                index.Find(keys[row] ^ 0x8000_0000_0000_0000, keys.ToArray()).ShouldBe(-1);
            }
        }).QuickCheckThrowOnFailure();
}

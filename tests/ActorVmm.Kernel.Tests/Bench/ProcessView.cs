using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests;

/// <summary>The page tables of a process from outside: what its state describes.</summary>
internal sealed class ProcessView
{
    private readonly Dictionary<string, ulong> _fields;

    public ProcessView(Process process)
    {
        var describer = new StateDescriber();
        process.Encode(describer);
        _fields = describer.Fields.ToDictionary(field => field.Path, field => field.Value);
    }

    /// <summary>The PTE of the page with this address; of a table page its entry in the table above.</summary>
    public Pte PteOf(ulong address)
    {
        ulong page = address >> 12;
        return SelfMap.Contains(new Vpn(page)) ? new Pte(Row("table keys", page) is { } row ? _fields[$"address space.tables[{row}].pte"] : 0)
            : Row("chunk keys", page >> 6) is { } chunk ? new Pte(_fields[$"address space.ptes[{(chunk * 64) + (int)(page & 63)}]"])
            : Pte.Zero;
    }

    private int? Row(string keys, ulong key)
    {
        for (int row = 0; _fields.TryGetValue($"address space.{keys}[{row}]", out ulong found); row++)
        {
            if (found == key)
            {
                return row;
            }
        }

        return null;
    }
}

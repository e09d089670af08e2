using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.Sections;

/// <summary>A section as a debugger looks at it, between two turns.</summary>
public sealed partial class Section
{
    public SectionView Inspect()
    {
        long valid = 0;
        long transition = 0;
        long pagedOut = 0;
        long shares = 0;
        int cells = _prototypes.ChunkCount * PageTables.ChunkLength;
        for (int cell = 0; cell < cells; cell++)
        {
            PteForm form = _prototypes.Pte(cell).Form;
            valid += form == PteForm.Valid ? 1 : 0;
            transition += form == PteForm.Transition ? 1 : 0;
            pagedOut += form == PteForm.PagingFile ? 1 : 0;
            shares += form == PteForm.Valid ? _prototypes.WorkingSetIndex(cell) : 0;
        }

        uint name = 0;
        int handles = 0;
        for (int place = _objectCount - 1; place >= 0; place--)
        {
            name = _objects[place].Name != 0 ? _objects[place].Name : name;
            handles += _objects[place].Handles;
        }

        return new SectionView(name, _kind, _pages, _viewCount, handles, _sharedCommit, valid, transition, pagedOut, (long)_pages - valid - transition - pagedOut, shares)
        {
            Attributes = _attributes,
            File = _file,
        };
    }
}

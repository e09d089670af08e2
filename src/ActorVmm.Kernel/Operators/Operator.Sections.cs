namespace ActorVmm.Kernel.Operators;

/// <summary>
/// Sections of the scenario: 1. asked for, each by a number that is its name; 2. made, and open by one handle; or refused: then whoever maps it
/// is told that there is none of that name; 3. that handle is closed, at a time of the section's own, at the end, or never.
/// </summary>
public sealed partial class Operator
{
    private readonly MadeSection[] _made;
    private int _sections;
    private int _due;

    /// <summary>What people call the section with this number, from 1; null when the scenario has none such.</summary>
    public string? SectionName(uint number) => number > 0 && number <= (uint)_plan.Sections.Count ? _plan.Sections[(int)number - 1].Name : null;

    private bool SectionsAreMade => _sections == _plan.Sections.Count;

    /// <summary>Whether the time of each section that closes at one has come.</summary>
    private bool TimesHaveCome => _due == _plan.Sections.Count(section => section.Closing == SectionClosing.AtTime);

    private void MakeSections(Outbox outbox)
    {
        foreach ((int place, SectionPlan section) in _plan.Sections.Index())
        {
            ActorId file = section.File > 0 ? _cast.Files[section.File - 1] : ActorId.Outside;
            outbox.Send(_cast.SystemSpace, new CreateSection(
                section.Bytes, (uint)place + 1, section.Attributes, section.Protection, (uint)place, file, FileRights.Kernel, HandleResolution.Resolved, false, 0));
            if (section.Closing == SectionClosing.AtTime)
            {
                outbox.StartTimer(section.ClosesAt, new SectionClosingDue(place));
            }
        }
    }

    private void SectionCreated(SectionCreated created, Outbox outbox)
    {
        Invariant.Holds(_sections < _plan.Sections.Count, "each section is answered for once");
        _sections++;
        ref MadeSection made = ref _made[created.Request];
        if (created.Status == NtStatus.Success)
        {
            made.Section = created.Section;
            made.Object = created.Object;
        }

        if (made.IsDue)
        {
            Close(ref made, outbox);
        }
    }

    private void SectionClosingDue(int section, Outbox outbox)
    {
        _due++;
        _made[section].IsDue = true;
        Close(ref _made[section], outbox);
    }

    private void CloseAtEnd(Outbox outbox)
    {
        foreach ((int place, SectionPlan section) in _plan.Sections.Index())
        {
            if (section.Closing == SectionClosing.AtEnd)
            {
                Close(ref _made[place], outbox);
            }
        }
    }

    /// <summary>Closes the handle, when there is one.</summary>
    private static void Close(ref MadeSection made, Outbox outbox)
    {
        if (!made.Section.IsOutside)
        {
            outbox.Send(made.Section, new CountHandle(made.Object, -1));
            made.Section = ActorId.Outside;
        }
    }

    private void EncodeSections(StateCodec codec)
    {
        codec.Field("sections", ref _sections);
        codec.Field("sections due", ref _due);
        codec.Rows("sections made", _made);
    }

    /// <summary>A section, as long as the operator has it open.</summary>
    private struct MadeSection : IEncodable
    {
        public ActorId Section;
        public int Object;

        /// <summary>Its time to be closed has come; perhaps before it was made.</summary>
        public bool IsDue;

        public void Encode(StateCodec codec)
        {
            codec.Field("section", ref Section);
            codec.Field("object", ref Object);
            codec.Field("due", ref IsDue);
        }
    }
}

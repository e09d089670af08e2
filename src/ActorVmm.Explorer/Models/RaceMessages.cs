using ActorVmm.Journal.Messages;
using Cast = ActorVmm.Explorer.Catalogue.Cast;

namespace ActorVmm.Explorer.Models;

/// <summary>
/// The words of the races as journals know them: findings of races are recorded runs. A name written here stays, whatever becomes of
/// the type; a message whose fields change gets the next version.
/// </summary>
public static class RaceMessages
{
    /// <summary>Adds them to a registry.</summary>
    /// <returns>The registry.</returns>
    public static MessageRegistry AddTo(MessageRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<Start>("Start")
            .Add<CollidedFault.Fault>("Fault")
            .Add<CollidedFault.Read>("Read")
            .Add<CollidedFault.Done>("Done")
            .Add<CollidedFault.Ok>("Ok")
            .Add<CollidedFault.Store>("Store")
            .Add<LostWriteback.Fault>("Fault")
            .Add<LostWriteback.Trim>("Trim")
            .Add<LostWriteback.Write>("Write")
            .Add<LostWriteback.Done>("Done")
            .Add<UnzeroedPage.Free>("Free")
            .Add<UnzeroedPage.Zero>("Zero")
            .Add<UnzeroedPage.Zeroed>("Zeroed")
            .Add<UnzeroedPage.Alloc>("Alloc")
            .Add<UnzeroedPage.Ok>("Ok")
            .Add<ExitInFlight.Fault>("Fault")
            .Add<ExitInFlight.Read>("Read")
            .Add<ExitInFlight.Dma>("Dma")
            .Add<ExitInFlight.Done>("Done")
            .Add<ExitInFlight.Exit>("Exit")
            .Add<ExitInFlight.Free>("Free")
            .Add<ExitInFlight.Alloc>("Alloc")
            .Add<ExitInFlight.Grant>("Grant")
            .Add<ShootDown.Unmap>("Unmap")
            .Add<ShootDown.Flush>("Flush")
            .Add<ShootDown.Acknowledge>("Acknowledge")
            .Add<ShootDown.Store>("Store")
            .Add<ShootDown.Free>("Free")
            .Add<PinnedCow.Pin>("Pin")
            .Add<PinnedCow.Unmap>("Unmap")
            .Add<PinnedCow.Write>("Write")
            .Add<SlotReuse.Get>("Get")
            .Add<SlotReuse.Slot>("Slot")
            .Add<SlotReuse.Look>("Look")
            .Add<SlotReuse.Contents>("Contents")
            .Add<SlotReuse.Map>("Map")
            .Add<SlotReuse.BringInAndWrite>("BringInAndWrite")
            .Add<SlotReuse.Trim>("Trim")
            .Add<SlotReuse.Put>("Put")
            .Add<Cast.Fault>("Fault")
            .Add<Cast.Ok>("Ok")
            .Add<Cast.Failed>("Failed")
            .Add<Cast.Retry>("Retry")
            .Add<Cast.Store>("Store")
            .Add<Cast.Load>("Load")
            .Add<Cast.Accessed>("Accessed")
            .Add<Cast.Read>("Read")
            .Add<Cast.ReadDone>("ReadDone")
            .Add<Cast.Write>("Write")
            .Add<Cast.Trim>("Trim")
            .Add<Cast.Map>("Map")
            .Add<Cast.Unmap>("Unmap")
            .Add<Cast.Unmapped>("Unmapped")
            .Add<Cast.Protect>("Protect")
            .Add<Cast.Flush>("Flush")
            .Add<Cast.Acknowledge>("Acknowledge")
            .Add<Cast.Alloc>("Alloc")
            .Add<Cast.Granted>("Granted")
            .Add<Cast.Free>("Free")
            .Add<Cast.Look>("Look")
            .Add<Cast.Found>("Found")
            .Add<Cast.Install>("Install")
            .Add<Cast.Drop>("Drop")
            .Add<Cast.Share>("Share")
            .Add<Cast.Hold>("Hold")
            .Add<Cast.Held>("Held")
            .Add<Cast.Use>("Use")
            .Add<Cast.Remove>("Remove")
            .Add<Cast.Exit>("Exit")
            .Add<Cast.Enter>("Enter")
            .Add<Cast.Leave>("Leave")
            .Add<Cast.Discard>("Discard")
            .Add<Cast.Wake>("Wake")
            .Add<Cast.Move>("Move")
            .Add<Cast.Placed>("Placed")
            .Add<Cast.TakenOff>("TakenOff")
            .Add<Cast.NoMemory>("NoMemory");
    }
}

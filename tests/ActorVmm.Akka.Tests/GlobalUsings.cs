global using ActorVmm.Actors;
global using ActorVmm.Journal.Events;
global using ActorVmm.Journal.Messages;
global using ActorVmm.Journal.Reading;
global using ActorVmm.Journal.Recording;
global using ActorVmm.Journal.Stores;
global using ActorVmm.Runtime;

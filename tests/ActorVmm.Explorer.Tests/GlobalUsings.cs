global using ActorVmm.Actors;
global using ActorVmm.Explorer.Exploring;
global using ActorVmm.Explorer.Models;
global using ActorVmm.Runtime;

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;

namespace Vouchsafe;

/// <summary>Adds a host application's own modules to Vouchsafe's.</summary>
public sealed class VouchsafeBuilder
{
    internal VouchsafeBuilder(WebApplicationBuilder application, Posture posture) => (Application, Posture) = (application, posture);

    public WebApplicationBuilder Application { get; }

    /// <summary>What the company promises, with its figures.</summary>
    public Posture Posture { get; }

    /// <summary>Registers a module; <c>MapVouchsafe</c> maps its endpoints after Vouchsafe's own.</summary>
    public VouchsafeBuilder AddModule<TModule>()
        where TModule : IModule, new()
    {
        Application.Services.AddModules(Posture, new TModule());
        return this;
    }

    /// <summary>Registers what fills an empty database with demo data.</summary>
    public VouchsafeBuilder AddSeed<TSeed>()
        where TSeed : class, ISeed
    {
        Application.Services.AddSingleton<ISeed, TSeed>();
        return this;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Identity;

/// <summary>The form to sign in counts nothing: whoever guesses takes it instead of the API.</summary>
internal sealed class UnlimitedForm : ISabotage
{
    private const string Path = "/sign-in";

    public string Control => ClientLimit.SignInControl;

    public string Name => "leave the form to sign in unlimited";

    public string ExpectedMessageFragment => "POST /sign-in was answered 200 instead of 429";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var late in Of(context))
            late.Take(Path, new Limit(null, "sabotage"), new OpenToAnybodyAttribute("sabotage"));
        return Task.FromResult<string?>("POST /sign-in has no limit on any node");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var late in Of(context))
            late.Clear();
        return Task.CompletedTask;
    }

    private static IEnumerable<LateEndpoints> Of(SabotageContext context) =>
        context.Nodes.Select(node => node.GetServices<IModule>().OfType<LateEndpoints>().Single());
}

using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Sabotage;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>
/// An older state was put back, which a witness contradicts by what both keys signed; then a superuser deletes the row that says so. The node's folder still has it.
/// </summary>
internal sealed class HiddenContradiction : ISabotage
{
    private const string Witness = "sabotage.example";

    public string Control => "audit.immutable";

    public string Name => "delete the row of a witness that contradicts";

    public string ExpectedMessageFragment => "witness sabotage.example saw another history";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var node in context.Nodes)
        {
            var signer = node.GetRequiredService<CheckpointSigner>();
            await signer.ReadyAsync(cancellationToken);
            var log = node.GetRequiredService<LogIdentities>().Of((await node.GetRequiredService<RollUpLogs>().PresentAsync(cancellationToken)).Tenant);
            var witness = NoteSigner.Witness(Witness, new Ed25519SigningKey(new byte[32]), TimeProvider.System);
            var theirs = Signed(1_000_000);
            node.GetRequiredService<WitnessMemory>().Keep(
                new Remembered(Witness, null, new Contradiction(Witness, theirs.With(witness.Sign(theirs.Text)).ToString(), Signed(1).ToString(), TimeProvider.System.GetUtcNow())));

            SignedNote Signed(long size) => signer.Sign(new Checkpoint(signer.Origin(log), new TreeHead(size, Digest.From(RandomNumberGenerator.GetBytes(Digest.Size)))).ToText(), log);
        }
        await TestDatabase.RunAsync(context.Superuser, $"delete from audit.witnesses where name = '{Witness}'");
        return "a contradiction that only nodes remember";
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var node in context.Nodes) node.GetRequiredService<WitnessMemory>().Keep(new Remembered(Witness, null, null));
        return Task.CompletedTask;
    }
}

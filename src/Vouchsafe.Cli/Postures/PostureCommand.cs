using System.CommandLine;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Postures;

/// <summary><c>vouchsafe posture check FILE</c>: reads a posture and says everything that is wrong with it. <c>posture schema</c>: what editors complete by.</summary>
internal static class PostureCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("FILE") { Description = "the posture" }.NotEmpty();
        var check = new Command("check", "Read a posture; each error with file, line and column") { file };
        check.SetAction(parsed => Check(parsed.GetValue(file)!, output, errors, TimeProvider.System));
        var schema = new Command("schema", "Write the JSON Schema of postures");
        schema.SetAction(_ => output.WriteLine(PostureSchema.Text()));
        return new Command("posture", "Work on postures") { check, schema };
    }

    internal static int Check(string file, TextWriter output, TextWriter errors, TimeProvider time)
    {
        try
        {
            var posture = PostureFile.Load(file);
            var faults = PostureReview.Faults(posture, time.GetUtcNow()).ToList();
            foreach (var fault in faults) errors.WriteLine($"{file}: {fault}");
            if (faults.Count > 0) return ExitCode.Bad;
            output.WriteLine($"{posture.Name}: {posture.Claims.Count} claims on {posture.Controls.Count} controls, {posture.Hash}");
            return ExitCode.Good;
        }
        catch (PostureException broken)
        {
            foreach (var error in broken.Errors) errors.WriteLine(error);
            // What can't be read wasn't looked at.
            return broken.Errors.All(error => error.Fault == PostureFault.Unreadable) ? ExitCode.Unable : ExitCode.Bad;
        }
    }
}

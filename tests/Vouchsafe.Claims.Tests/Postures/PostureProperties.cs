using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Claims.Wording;
using Xunit;

namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>Whatever stands in a file, it becomes a posture or a list of errors, in little time.</summary>
public sealed class PostureProperties
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(SmallPosture.Text);
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Any_bytes_become_a_posture_or_errors() =>
        Prop.ForAll<byte[]>(bytes => Answers(bytes)).Check(Many);

    [Fact]
    public void Any_damage_to_a_good_posture_becomes_a_posture_or_errors() =>
        Prop.ForAll(
            Gen.Choose(0, Good.Length - 1).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), Gen.Elements("", "{", "}", "[", "]", ":", "- ", "&a ", "*a", "!", "|", ">", "'", "\"", "\n", "\t", "\0", "%", "? ", "---\n", "\u2028", "{{", "#").ToArbitrary(),
            (at, removed, put) => Answers([.. Good[..at], .. Encoding.UTF8.GetBytes(put), .. Good[Math.Min(Good.Length, at + removed)..]])).Check(Many);

    [Fact]
    public void Cut_off_anywhere_it_becomes_a_posture_or_errors()
    {
        for (var length = 0; length < Good.Length; length++) Assert.True(Answers(Good[..length]));
    }

    [Fact]
    public void Comments_and_order_of_settings_leave_the_hash_alone_and_a_figure_changes_it()
    {
        var hash = PostureFile.Parse(SmallPosture.Text).Hash;
        Assert.Equal(hash, PostureFile.Parse("# a comment\n" + SmallPosture.Text).Hash);
        Assert.Equal(hash, PostureFile.Parse(SmallPosture.Text.Replace("attempts: 6, window: 1m", "window: 60s, attempts: 6", StringComparison.Ordinal)).Hash);
        Assert.NotEqual(hash, PostureFile.Parse(SmallPosture.Text.Replace("attempts: 6", "attempts: 7", StringComparison.Ordinal)).Hash);
        Assert.NotEqual(hash, PostureFile.Parse(SmallPosture.Text.Replace("We told you.", "We told you!", StringComparison.Ordinal)).Hash);
    }

    [Fact]
    public void A_duration_reads_back_as_it_was_written() =>
        Prop.ForAll(Gen.Choose(0, 999_999_999).ToArbitrary(), seconds =>
            DurationText.TryParse(DurationText.Format(TimeSpan.FromSeconds(seconds)), out var back) && back == TimeSpan.FromSeconds(seconds)).Check(Many);

    [Fact]
    public void Any_text_becomes_a_duration_or_none() =>
        Prop.ForAll<string>(text => !DurationText.TryParse(text ?? "", out var duration) || duration >= TimeSpan.Zero).Check(Many);

    [Fact]
    public void Any_text_becomes_a_template_that_gives_it_back_or_a_fault() =>
        Prop.ForAll<string>(text =>
        {
            text ??= "";
            var template = Template.Parse(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), out _);
            Template.Parse(text, out _);
            return template is not null && template.Render(_ => throw new InvalidOperationException("There is no place in it.")) == text;
        }).Check(Many);

    private static bool Answers(byte[] bytes)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            PostureFile.Read(bytes, "posture", _ => null);
        }
        catch (PostureException broken)
        {
            if (broken.Errors.Count == 0 || broken.Errors.Any(error => error.Line < 1 || error.Column < 1 || error.Message.Any(char.IsControl))) return false;
        }
        return Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5);
    }
}

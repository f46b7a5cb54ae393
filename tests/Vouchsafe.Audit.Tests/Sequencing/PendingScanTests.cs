using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Audit.Tests.Sequencing;

/// <summary>All of the table is looked at for a tenth of the time, and what is new in every round.</summary>
public sealed class PendingScanTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_quick_look_is_always_at_everything()
    {
        var scan = new PendingScan(time);
        for (uint block = 100; block < 200; block += 10)
        {
            Assert.Equal(0u, scan.From());
            scan.Looked(0, time.GetTimestamp(), block);
        }
    }

    [Fact]
    public void After_a_slow_one_the_next_begin_where_the_last_two_found_something()
    {
        var scan = new PendingScan(time);
        Look(scan, 0, 500, TimeSpan.FromMilliseconds(20));
        Look(scan, 500, 520, TimeSpan.FromMilliseconds(1));
        Assert.Equal(500u, scan.From());
        Look(scan, 500, 540, TimeSpan.FromMilliseconds(1));
        Assert.Equal(520u, scan.From());
        Look(scan, 520, null, TimeSpan.FromMilliseconds(1));
        Assert.Equal(520u, scan.From());
        // A row that lay far in front draws the beginning back, so that its neighbours are found.
        time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0u, scan.From());
        Look(scan, 0, 3, TimeSpan.FromMilliseconds(20));
        Assert.Equal(3u, scan.From());
    }

    private void Look(PendingScan scan, uint from, uint? first, TimeSpan took)
    {
        var began = time.GetTimestamp();
        time.Advance(took);
        scan.Looked(from, began, first);
    }
}

using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Web.Console.Trail;
using Xunit;

namespace Vouchsafe.Browser.Trails;

/// <summary>The search of the trail's page against looking at everything. No browser is needed.</summary>
public sealed class Searching
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Events = ["order.created", "order.confirmed", "invoice.issued"];

    /// <summary>Whatever is asked for, and however many pages it takes: the same entries in the same order, none twice.</summary>
    [Fact]
    public void Finds_what_looking_at_everything_finds() => Prop.ForAll(
        Gen.Choose(0, 10_000).ArrayOf().ToArbitrary(), Gen.Choose(-1, 6).Two().ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(),
        (seeds, days, about) =>
        {
            var log = Log(seeds);
            var query = new TrailQuery(
                about == 3 ? null : Events[about][..^2],
                days.Item1 < 0 ? null : DateOnly.FromDateTime(Begin.UtcDateTime).AddDays(days.Item1),
                days.Item2 < 0 ? null : DateOnly.FromDateTime(Begin.UtcDateTime).AddDays(days.Item2), null);
            // An entry that is gone has no day: where days are asked for, it is listed among its neighbours or not at all.
            bool Counts(long index) => (query.From is null && query.To is null) || log[(int)index].At is not null;
            Assert.Equal(Naive(log, query).Where(Counts), All(log, query).Where(Counts));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(400));

    [Fact]
    public async Task Stops_after_its_share_and_goes_on_from_there()
    {
        // 4 is a seed of an entry that is there.
        var log = Log([.. Enumerable.Repeat(4, TrailSearch.MostLooks + 700)]);
        var reads = 0;
        var search = new TrailSearch((before, limit) =>
        {
            reads += limit;
            return Read(log, before, limit);
        });
        var query = new TrailQuery("nothing", null, null, null);
        var (entries, next) = await search.FindAsync(query);
        Assert.Empty(entries);
        Assert.Equal(700, next);
        Assert.True(reads <= TrailSearch.MostLooks, $"{reads} entries were read for one page.");
    }

    [Fact]
    public void Reads_any_query_without_an_exception() => Prop.ForAll<string?[]>(values =>
    {
        var fields = new[] { "event", "from", "to", "before" };
        var query = new QueryCollection(values.Take(4).Select((value, at) => (fields[at], value)).ToDictionary(pair => pair.Item1, pair => new StringValues(pair.value)));
        var (read, wrong) = TrailQuery.Read(query);
        return wrong.Count == 0 || !read.Filters;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("event", "Order"), InlineData("event", "order' or 1=1"), InlineData("from", "2026-02-30"), InlineData("to", "yesterday"), InlineData("before", "-1"), InlineData("before", "99999999999999999999")]
    public void Names_the_field_that_it_cannot_read(string field, string value) =>
        Assert.Equal([field], TrailQuery.Read(new QueryCollection(new Dictionary<string, StringValues> { [field] = value })).Wrong);

    /// <summary>Entries a few minutes to an hour apart, some timed before their neighbours, some gone.</summary>
    private static List<TrailEntry> Log(int[] seeds)
    {
        var at = Begin;
        return [.. seeds.Select((seed, index) =>
        {
            at += TimeSpan.FromMinutes(seed % 61);
            var gone = seed % 17 == 3;
            return new TrailEntry(index, new Guid(index, 0, 0, new byte[8]), gone ? TrailEntryState.Missing : TrailEntryState.Whole,
                gone ? null : at - TimeSpan.FromMinutes(seed % 7), gone ? null : Events[seed % 3], OpenedGroup.Unreadable, OpenedGroup.Unreadable);
        })];
    }

    private static Task<IReadOnlyList<TrailEntry>> Read(List<TrailEntry> log, long? before, int limit)
    {
        var to = (int)Math.Min(before ?? log.Count, log.Count);
        var from = Math.Max(0, to - limit);
        return Task.FromResult<IReadOnlyList<TrailEntry>>([.. log[from..to].AsEnumerable().Reverse()]);
    }

    private static List<long> All(List<TrailEntry> log, TrailQuery query)
    {
        var found = new List<long>();
        var search = new TrailSearch((before, limit) => Read(log, before, limit));
        while (true)
        {
            var (entries, next) = search.FindAsync(query).GetAwaiter().GetResult();
            Assert.True(entries.Count <= TrailSearch.PageSize);
            found.AddRange(entries.Select(entry => entry.Index));
            if (next is null) return found;
            query = query with { Before = next };
        }
    }

    private static List<long> Naive(List<TrailEntry> log, TrailQuery query) => [.. log.AsEnumerable().Reverse()
        .Where(entry => entry.At is not { } at || (!(at < query.Start) && !(at >= query.End) && (query.Event is null || entry.Event!.StartsWith(query.Event, StringComparison.Ordinal))))
        .Select(entry => entry.Index)];
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Members;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.Invitations;

/// <summary>An account is its mailbox's alone: nobody else chooses its password, and nobody is a member before they accept.</summary>
public sealed class InvitationTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Own = "chosen by the owner";
    private const string Attackers = "chosen by an attacker";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The recipe, as it was done: an attacker makes the account before the company invites, and comes in with its password.</summary>
    [Fact]
    public async Task Nobody_comes_in_with_a_password_that_was_chosen_for_somebody_else()
    {
        var (_, _, attacker) = await host.NewTenantAsync();
        var (tenant, kalda, admin) = await host.NewTenantAsync();
        var victim = People.NewForm().Email!;
        using (var asBefore = await attacker.PostAsJsonAsync("/api/members", new { email = victim, password = Attackers, role = "user" }, Cancel))
            Assert.Equal(HttpStatusCode.BadRequest, asBefore.StatusCode);
        await InviteAsync(attacker, victim, "user");
        var lure = await host.TokenAsync(victim);
        await InviteAsync(admin, victim, "admin");
        var token = await host.TokenAsync(victim);
        Assert.NotEqual(lure, token);

        foreach (var code in new[] { null, kalda.Code })
            using (var early = await admin.TrySignInAsync(victim, Attackers, code))
                Assert.Equal(HttpStatusCode.Unauthorized, early.StatusCode);
        Assert.Equal("no problem but 200", await AcceptAsync(token, Own));
        using (var late = await admin.TrySignInAsync(victim, Attackers, kalda.Code))
            Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        // The attacker's tenant has no part in them: what they never accepted neither counts nor names them.
        Assert.NotNull(await admin.SignInAsync(victim, Own));
        Assert.Single((await attacker.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!);
        Assert.Equal(2, (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!.Count);
        Assert.Equal(2, await host.EntriesAsync(tenant, "member.added"));
        // Nor does the attacker's link give more than the attacker's own company, with the owner's own password.
        Assert.Equal("wrong-password", await AcceptAsync(lure, Attackers));
    }

    [Fact]
    public async Task The_answer_to_an_invitation_says_nothing_of_an_account()
    {
        var (_, there, other) = await host.NewTenantAsync();
        var staff = await StaffAsync();
        var (tenant, _, admin) = await host.NewTenantAsync();
        var answers = new List<string>();
        foreach (var email in new[] { People.NewForm().Email!, there.Email!, staff, "canary-admin@vouchsafe.example" })
        {
            using var answer = await admin.PostAsJsonAsync("/api/members", new NewMember(email, "user"), Cancel);
            var sent = await answer.Content.ReadFromJsonAsync<InvitationSent>(Cancel);
            Assert.Equal(4, sent!.Invitation.Version);
            answers.Add($"{(int)answer.StatusCode} {answer.Headers.Location} {sent.ExpiresAt - host.Time.GetUtcNow()}");
        }
        Assert.Single(answers.Distinct());
        // Staff signs in as before, without a tenant: an invitation that nobody accepted has no effect. Nor does one that they try to accept.
        Assert.NotNull(await other.SignInAsync(staff));
        Assert.Equal("staff-account", await AcceptAsync(await host.TokenAsync(staff), People.Password));
        Assert.NotNull(await other.SignInAsync(staff));
        Assert.Single((await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!);
        Assert.Equal(4, await host.EntriesAsync(tenant, "member.invited"));
    }

    [Fact]
    public async Task Account_ids_tell_no_time()
    {
        var (_, _, admin) = await host.NewTenantAsync();
        var person = People.NewForm().Email!;
        await host.JoinAsync(admin, person);
        foreach (var member in (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!)
            Assert.Equal(4, member.User.Version);
    }

    [Fact]
    public async Task A_link_opens_once_and_not_when_it_ran_out_or_was_withdrawn_or_replaced()
    {
        var (tenant, _, admin) = await host.NewTenantAsync();
        var (used, old, gone, replaced) = (People.NewForm().Email!, People.NewForm().Email!, People.NewForm().Email!, People.NewForm().Email!);

        await InviteAsync(admin, used, "user");
        var token = await host.TokenAsync(used);
        Assert.Equal("invalid-input", await AcceptAsync(token, "short"));
        Assert.Equal("invalid-input", await AcceptAsync(token, "          "));
        Assert.Equal("invalid-input", await AcceptAsync(token, "Password123"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AcceptAsync(token, Own)));
        Assert.Single(answers, "no problem but 200");
        Assert.Equal("link-refused", await AcceptAsync(token, Own));

        var withdrawn = await InviteAsync(admin, gone, "user");
        token = await host.TokenAsync(gone);
        using (var away = await admin.DeleteAsync($"/api/invitations/{withdrawn:D}", Cancel)) Assert.Equal(HttpStatusCode.NoContent, away.StatusCode);
        Assert.Equal("invitation-withdrawn", await AcceptAsync(token, Own));

        var first = await InviteAsync(admin, replaced, "user");
        token = await host.TokenAsync(replaced);
        using (var again = await admin.PostAsync($"/api/invitations/{first:D}/resend", null, Cancel)) Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal("link-refused", await AcceptAsync(token, Own));
        var open = Assert.Single((await admin.GetFromJsonAsync<List<Invitation>>("/api/invitations", Cancel))!);
        Assert.Equal(replaced, open.Email);
        Assert.Equal("no problem but 200", await AcceptAsync(await host.TokenAsync(replaced), Own));

        await InviteAsync(admin, old, "user");
        token = await host.TokenAsync(old);
        host.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal("link-refused", await AcceptAsync(token, Own));
        Assert.Equal(3, await host.EntriesAsync(tenant, "member.added"));
    }

    [Fact]
    public async Task Another_tenant_neither_sees_nor_withdraws_nor_resends_an_invitation()
    {
        var (_, _, ours) = await host.NewTenantAsync();
        var (_, _, theirs) = await host.NewTenantAsync();
        var id = await InviteAsync(theirs, People.NewForm().Email!, "user");
        Assert.Empty((await ours.GetFromJsonAsync<List<Invitation>>("/api/invitations", Cancel))!);
        using (var away = await ours.DeleteAsync($"/api/invitations/{id:D}", Cancel)) Assert.Equal(HttpStatusCode.NotFound, away.StatusCode);
        using (var again = await ours.PostAsync($"/api/invitations/{id:D}/resend", null, Cancel)) Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Single((await theirs.GetFromJsonAsync<List<Invitation>>("/api/invitations", Cancel))!);
    }

    /// <summary>Their invitations are withdrawn with their right to invite, in the same transaction and on the record; who administers sends them anew.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task Who_no_longer_administers_invites_nobody_any_more(bool removed)
    {
        var (tenant, _, admin) = await host.NewTenantAsync();
        var second = People.NewForm().Email!;
        await host.JoinAsync(admin, second, "admin", Own);
        using var inviter = host.Client((await admin.SignInAsync(second, Own)).AccessToken);
        var (person, another) = (People.NewForm().Email!, People.NewForm().Email!);
        var theirs = await InviteAsync(inviter, person, "admin");
        var token = await host.TokenAsync(person);
        await InviteAsync(admin, another, "user");
        var member = (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!.Single(member => member.Email == second).User;
        using (var changed = removed
            ? await admin.DeleteAsync($"/api/members/{member:D}", Cancel)
            : await admin.PutAsJsonAsync($"/api/members/{member:D}/role", new NewRole("user"), Cancel))
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);

        Assert.Equal("invitation-withdrawn", await AcceptAsync(token, Own));
        using (var view = await admin.PostAsJsonAsync("/api/invitations/view", new LinkToken(token), Cancel))
            Assert.Equal((HttpStatusCode.Gone, "invitation-withdrawn"), (view.StatusCode, await view.ProblemAsync()));
        Assert.DoesNotContain((await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!, one => one.Email == person);
        Assert.Equal(1, await host.EntriesAsync(tenant, "invitation.withdrawn"));

        // It is listed as what it is, and whoever administers now sends it anew.
        var listed = (await admin.GetFromJsonAsync<List<Invitation>>("/api/invitations", Cancel))!;
        Assert.Equal([(person, true), (another, false)], listed.Select(one => (one.Email, one.WithdrawnAt is not null)));
        using (var again = await admin.PostAsync($"/api/invitations/{theirs:D}/resend", null, Cancel)) Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal("no problem but 200", await AcceptAsync(await host.TokenAsync(person), Own));
        Assert.Single((await admin.GetFromJsonAsync<List<Invitation>>("/api/invitations", Cancel))!);
    }

    /// <summary>A tenant whose trial ended, or that cancelled, takes nobody in, and sends no invitation.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_tenant_that_has_ended_takes_nobody_in(bool cancelled)
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        var person = People.NewForm().Email!;
        if (!cancelled) host.Time.Advance(TimeSpan.FromDays(10));
        using var again = host.Client((await admin.SignInAsync(form.Email!)).AccessToken);
        await InviteAsync(again, person, "user");
        var token = await host.TokenAsync(person);
        if (cancelled)
            using (var end = await again.PostAsJsonAsync("/api/subscription/cancel", new { password = People.Password }, Cancel)) Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        host.Time.Advance(cancelled ? TimeSpan.FromSeconds(2) : TimeSpan.FromDays(5));

        Assert.Equal("link-refused", await AcceptAsync(token, Own));
        using (var view = await admin.PostAsJsonAsync("/api/invitations/view", new LinkToken(token), Cancel)) Assert.Equal(HttpStatusCode.Gone, view.StatusCode);
        Assert.Equal(1L, await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from identity.memberships where tenant_id = $1", tenant));
        // Also for whoever is signed in there still.
        using var later = host.Client((await admin.SignInAsync(form.Email!)).AccessToken);
        using var another = await later.PostAsJsonAsync("/api/members", new NewMember(People.NewForm().Email!, "user"), Cancel);
        Assert.Equal(cancelled ? HttpStatusCode.Forbidden : HttpStatusCode.PaymentRequired, another.StatusCode);
    }

    /// <summary>Whoever accepts while the inviter loses the right comes in before it, or not at all.</summary>
    [Fact]
    public async Task Accepting_and_losing_the_right_at_once_end_in_one_order()
    {
        for (var round = 0; round < 4; round++)
        {
            var (tenant, _, admin) = await host.NewTenantAsync();
            var second = People.NewForm().Email!;
            await host.JoinAsync(admin, second, "admin", Own);
            using var inviter = host.Client((await admin.SignInAsync(second, Own)).AccessToken);
            var person = People.NewForm().Email!;
            await InviteAsync(inviter, person, "admin");
            var token = await host.TokenAsync(person);
            var member = (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!.Single(member => member.Email == second).User;
            var accepting = AcceptAsync(token, Own);
            using (var removed = await admin.DeleteAsync($"/api/members/{member:D}", Cancel)) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            var came = await accepting == "no problem but 200";
            Assert.Equal(came, (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!.Any(one => one.Email == person));
            Assert.Equal(came ? 0 : 1, await host.EntriesAsync(tenant, "invitation.withdrawn"));
        }
    }

    [Fact]
    public async Task Who_has_an_account_accepts_with_its_own_password_and_keeps_it()
    {
        var (_, there, _) = await host.NewTenantAsync();
        var (_, form, admin) = await host.NewTenantAsync();
        await InviteAsync(admin, there.Email!.ToUpperInvariant(), "user");
        var token = await host.TokenAsync(there.Email!);
        using (var view = await admin.PostAsJsonAsync("/api/invitations/view", new LinkToken(token), Cancel))
        {
            var offered = await view.Content.ReadFromJsonAsync<OfferedInvitation>(Cancel);
            Assert.Equal((form.LegalName, "user", true), (offered!.Company, offered.Role, offered.HasAccount));
        }
        Assert.Equal("wrong-password", await AcceptAsync(token, Own));
        Assert.Equal("no problem but 200", await AcceptAsync(token, People.Password));
        Assert.NotNull(await admin.SignInAsync(there.Email!, tenant: form.Code));
        using var again = await admin.PostAsJsonAsync("/api/members", new NewMember(there.Email!, "user"), Cancel);
        Assert.Equal("already-member", await again.ProblemAsync());
    }

    [Fact]
    public async Task A_mailbox_gets_three_invitations_an_hour_from_a_tenant()
    {
        var (_, _, admin) = await host.NewTenantAsync();
        var person = People.NewForm().Email!;
        for (var n = 0; n < 3; n++) await InviteAsync(admin, person, "user");
        using var fourth = await admin.PostAsJsonAsync("/api/members", new NewMember(person, "user"), Cancel);
        Assert.Equal("too-many-invitations", await fourth.ProblemAsync());
        Assert.Equal(3, (await host.MailAsync(person)).Count);
    }

    /// <summary>What a statement injected into an administrator's request could do: neither make an account nor a member.</summary>
    [Theory]
    [InlineData("select identity.create_user($1, $2, decode(repeat('ab', 32), 'hex'), '', 'x', false, true)")]
    [InlineData("select identity.add_member($1, $2, 'admin')")]
    [InlineData("select identity.redeem($1, 'invitation', decode(repeat('cd', 32), 'hex'), $2, '', 'x', now())")]
    public async Task The_tenants_login_makes_no_account_and_no_member(string sql)
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        var me = await admin.GetFromJsonAsync<Me>("/api/me", Cancel);
        await using var session = host.Database.Tenant(new TenantScope(new TenantId(tenant), Actor.User(me!.User), OwnerReach.All, null));
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(sql, [tenant, Guid.CreateVersion7()], Cancel));
        Assert.Equal("42501", refused.SqlState);
        Assert.DoesNotContain(form.Email!, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever lost the right after the request was let in: the edge answers 403 to this refusal.</summary>
    [Theory]
    [InlineData("select identity.change_role($1, $2, 'admin')")]
    [InlineData("select identity.remove_member($1, $2)")]
    [InlineData("select identity.invite($1, $2, decode(repeat('ab', 32), 'hex'), decode(repeat('ab', 32), 'hex'), '', 'user', now(), now())")]
    public async Task Who_lost_the_right_in_the_meantime_is_refused_as_an_actor(string sql)
    {
        var (tenant, _, admin) = await host.NewTenantAsync();
        var email = People.NewForm().Email!;
        await host.JoinAsync(admin, email, "user", Own);
        var member = (await admin.GetFromJsonAsync<List<Member>>("/api/members", Cancel))!.Single(one => one.Email == email).User;
        await using var session = host.Database.Tenant(new TenantScope(new TenantId(tenant), Actor.User(member), OwnerReach.All, null));
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(sql, [tenant, member], Cancel));
        Assert.Equal(Refusal.ActorDenied, refused.Refusal);
    }

    private async Task<string> StaffAsync()
    {
        const string Staff = "operator@example.org";
        await host.Running.GetRequiredService<SetUp>().SeedAsync(Staff, People.Password, Cancel);
        return Staff;
    }

    private static async Task<Guid> InviteAsync(HttpClient admin, string email, string role)
    {
        using var answer = await admin.PostAsJsonAsync("/api/members", new NewMember(email, role), JsonSerializerOptions.Web, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<InvitationSent>(Cancel))!.Invitation;
    }

    private async Task<string> AcceptAsync(string token, string password)
    {
        using var client = host.Client();
        using var answer = await client.PostAsJsonAsync("/api/invitations/accept", new AcceptedInvitation(token, password), JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }
}

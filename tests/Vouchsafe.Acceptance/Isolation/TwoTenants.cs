using Vouchsafe.Acceptance.Claims;
using Xunit;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>One application for all tests of isolation: none of them breaks it, and each makes tenants of its own.</summary>
[CollectionDefinition]
public sealed class TwoTenants : ICollectionFixture<UnderApowerFlex>;

using Vouchsafe.Acceptance.Running;

namespace Vouchsafe.Acceptance.Claims;

public sealed class UnderApowerFlex() : RunningApplication("apower-flex");

public sealed class UnderApshan() : RunningApplication("apshan");

public sealed class UnderClientFlow() : RunningApplication("clientflow");

public sealed class UnderFluxi() : RunningApplication("fluxi");

public sealed class UnderStrict() : RunningApplication("strict");

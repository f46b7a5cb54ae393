using Vouchsafe.Bench.Http;

return args.FirstOrDefault() switch
{
    "ours" => Ours.Run(args[1..]),
    "bare" => Bare.Run(args[1..]),
    _ => await Driver.RunAsync(),
};

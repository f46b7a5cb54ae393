using Vouchsafe;

var builder = WebApplication.CreateBuilder(args);
builder.AddVouchsafe("postures/apower-flex.yaml");
var app = builder.Build();
app.UseVouchsafe();
app.MapVouchsafe();
app.Run();

using Backoffice.Demo;
using Backoffice.Invoicing;
using Backoffice.Orders;
using Vouchsafe;

var builder = WebApplication.CreateBuilder(args);
builder.AddVouchsafe("postures/apower-flex.yaml").AddModule<OrdersModule>().AddModule<InvoicingModule>().AddSeed<DemoData>();
var app = builder.Build();
app.UseVouchsafe();
app.MapVouchsafe();
app.Run();

namespace Backoffice.Demo;

/// <summary>A company of the demonstration, with what it sells and where its customers are.</summary>
internal sealed record DemoTenant(
    string Code, string LegalName, string RegistrationNumber, string Address, string Country, int Customers, int Orders,
    string[] Cities, string[] FirstNames, string[] LastNames, string[] Trades, string Form, decimal[] VatRates, (string Name, string Unit, decimal Price)[] Goods)
{
    public string Administrator => $"admin@{Code}.example";

    public string Seller => $"sales@{Code}.example";

    public static DemoTenant[] All { get; } =
    [
        new("linden", "Linden Bürobedarf GmbH", "HRB104217", "Lindenallee 12\n20253 Hamburg", "DE", 400, 2_000,
            ["Hamburg", "Bremen", "Hannover", "Kiel", "Lübeck", "Rostock"],
            ["Anna", "Jonas", "Mila", "Lukas", "Frieda", "Emil", "Greta", "Paul", "Ida", "Karl"],
            ["Petersen", "Hansen", "Schröder", "Vogt", "Brandt", "Lorenz", "Krüger", "Behrens", "Ahrens", "Winter"],
            ["Architektur", "Steuerberatung", "Logistik", "Zahntechnik", "Verlag", "Werbung", "Ingenieure", "Immobilien"], "GmbH", [19m, 19m, 19m, 7m],
            [("Copy paper A4, 500 sheets", "pack", 4.79m), ("Desk, height-adjustable", "pcs", 489.00m), ("Office chair, mesh back", "pcs", 229.50m), ("Toner cartridge, black", "pcs", 74.90m),
                ("Whiteboard 120 × 90 cm", "pcs", 89.95m), ("Ring binder, 8 cm", "pcs", 2.35m), ("Trade journal, yearly subscription", "year", 118.00m)]),
        new("kalda", "Kalda Tööriistad OÜ", "14820933", "Pärnu mnt 102\n11312 Tallinn", "EE", 120, 600,
            ["Tallinn", "Tartu", "Pärnu", "Narva", "Viljandi", "Rakvere"],
            ["Mari", "Jaan", "Liis", "Tõnu", "Kadri", "Rein", "Piret", "Märt", "Oksana", "Andrei"],
            ["Tamm", "Saar", "Sepp", "Mägi", "Kask", "Kukk", "Rebane", "Ilves", "Ivanova", "Põder"],
            ["Ehitus", "Puit", "Katused", "Elekter", "Aiad", "Metall", "Remont", "Sanitaar"], "OÜ", [24m],
            [("Cordless drill 18 V", "pcs", 149.00m), ("Screws 5 × 60 mm", "box", 11.90m), ("Circular saw blade 190 mm", "pcs", 27.40m), ("Laser level", "pcs", 199.00m),
                ("Work gloves", "pair", 6.25m), ("Scaffold rental", "day", 38.50m), ("Grinding disc 125 mm", "pcs", 1.85m)]),
        new("mistral", "Atelier Mistral SARL", "88312045700019", "7 rue des Cordeliers\n13100 Aix-en-Provence", "FR", 40, 100,
            ["Marseille", "Avignon", "Aix-en-Provence", "Nîmes", "Toulon", "Arles"],
            ["Camille", "Hugo", "Léa", "Théo", "Manon", "Jules", "Inès", "Nathan"],
            ["Roux", "Blanc", "Garcia", "Fabre", "Moreau", "Girard", "Chevalier", "Lambert"],
            ["Hôtel", "Restaurant", "Galerie", "Domaine", "Librairie", "Épicerie"], "SARL", [20m, 20m, 10m, 5.5m],
            [("Ceramic plate, hand-glazed", "pcs", 34.00m), ("Carafe 1 l", "pcs", 46.50m), ("Espresso cup", "pcs", 18.00m), ("Pottery course", "person", 65.00m),
                ("Catalogue of glazes", "pcs", 22.75m), ("Olive bowl", "pcs", 27.90m)]),
    ];
}

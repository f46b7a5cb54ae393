namespace Vouchsafe.Testing.Databases;

/// <summary>
/// A database that says its disk is full (SQLSTATE 53100) to whatever needs more room, and still updates in place: as
/// a full one does.
/// </summary>
public static class SimulatedFullDisk
{
    public static Task FillAsync(string superuser) => TestDatabase.RunAsync(superuser,
        """
        create function public.disk_is_full() returns trigger language plpgsql as $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
        create trigger full_disk before insert or update of filler on vouchsafe.write_probe for each row when (new.filler is not null) execute function public.disk_is_full();
        do $$ begin
            if to_regclass('audit.entries') is not null then
                create trigger full_disk before insert on audit.entries for each row execute function public.disk_is_full();
            end if;
        end $$;
        """);

    public static Task MakeRoomAsync(string superuser) => TestDatabase.RunAsync(superuser, "drop function public.disk_is_full() cascade");
}

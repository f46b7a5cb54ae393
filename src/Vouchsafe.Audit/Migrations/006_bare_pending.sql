-- PostgreSQL parses a constraint's text anew for each statement that inserts, and nearly each business write is one. audit.append, which no login
-- gets past, computes what it inserts; of a row that a superuser planted, the sequencer refuses the shape.
alter table audit.pending drop constraint pending_hashes_check;

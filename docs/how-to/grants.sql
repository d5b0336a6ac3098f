-- Rights of the role that Hjul runs as. Run by the owner of the tables, after every upgrade:
--   psql -v app=hjul_app -f grants.sql DATABASE
-- The role owns nothing, so it can neither lift a guard nor empty a table, whatever it is told to do.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"app";
GRANT USAGE ON SCHEMA public TO :"app";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"app";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"app";

-- The log: added to. `streams` is moved by the event's trigger, in the name of whoever inserts the event.
GRANT INSERT ON authority, events, payloads, attachments, erasures, unsealed, definitions, labels, access_log TO :"app";
GRANT INSERT, UPDATE ON streams TO :"app";
GRANT UPDATE (is_current) ON definitions TO :"app";
GRANT DELETE ON attachments TO :"app";
GRANT UPDATE, DELETE ON payloads TO :"app";

-- What follows from the log, and what is no part of it.
GRANT INSERT, UPDATE ON cases, counters, units, persons, appointments, schedules TO :"app";
GRANT INSERT, UPDATE, DELETE ON case_marks, coded_values, search_texts, links, deadlines, tasks, occasions TO :"app";
GRANT INSERT, UPDATE, DELETE ON outbox, drafts, settings, duties, notices, mails, mail_parts, mail_servers TO :"app";

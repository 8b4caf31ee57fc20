-- Statements of the fast lane say themselves when they touched a row: calling the function for each was 6 of the 30 µs
-- that an attacker's update takes. For whoever leaves it out, the trigger still does.
drop trigger sessions_touch on sessions;
create trigger sessions_touch before update on sessions for each row
  when (old.updated_at is not distinct from new.updated_at) execute function touch_updated_at();
drop trigger attackers_touch on attackers;
create trigger attackers_touch before update on attackers for each row
  when (old.updated_at is not distinct from new.updated_at) execute function touch_updated_at();

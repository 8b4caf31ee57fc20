-- Set where a row keeps many unreadable lines of one batch: how many bytes each has. One line feed is between any two.
alter table parked_lines add column line_bytes integer[];

-- Fails the transaction of a reader whose source does not stand where he left it: somebody else moved it, or this is an
-- older copy of the database. What he would store next does not follow on what is stored here.
create function require_source_moved(moved bigint) returns void language plpgsql as $$
begin
  if moved <> 1 then
    raise exception 'A source does not stand where its reader left it.' using errcode = 'CM042';
  end if;
end
$$;

-- What the early detector said of a norm's night. Nights judged before had none.
alter table verdict add column is_detected integer not null default 0 check (is_detected in (0, 1));
alter table verdict add column chart real;
alter table verdict add column charted_after text;

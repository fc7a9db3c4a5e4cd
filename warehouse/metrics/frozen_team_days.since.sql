-- Never, but in a full build, which a purge is followed by.
select date '2100-01-01' as since

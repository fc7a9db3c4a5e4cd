-- A block is written anew from its first day on: a cell holds calls of all its days.
select block_of(min(since)) as since
from raw.sinces
where model in ('metrics.leg_sums', 'metrics.episodes')

-- Each metric from the day on from which the table of its family was written anew.
select
    definition.metric,
    sinces.since
from metrics.definition as definition
inner join raw.sinces as sinces on sinces.model = concat('metrics.', definition.family)

-- Grain: one call's answer, the last one delivered.
-- Why: what the customer thought of it.
with answers as (
    select
        satisfaction.*,
        row_number() over (partition by call_id order by arrival desc, line desc) as place
    from raw.satisfaction as satisfaction
    inner join ledger.files using (file)
)

select
    call_id,
    cast(score as decimal(18, 6)) as score,
    cast(max_score as decimal(18, 6)) as max_score
from answers
where place = 1

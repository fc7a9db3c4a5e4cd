-- Grain: one metric as it is defined tonight. The catalogue: a metric is known by its row here.
-- Why: a figure says with which formula and parameters it was made; another one is another version.
-- kind says how its uncertainty is computed, family which facts it follows, lag_days how long
-- before as_of its youngest final day lies.
with parameters as (
    select
        concat('W=', repeat_window_days(), ' d, ', case when repeat_same_reason() then 'same' else 'any' end, ' reason')
            as repeats,
        concat('T=', service_level_seconds(), ' s, short<=', short_abandon_seconds(), ' s') as answering,
        repeat_window_days() + 1 as repeat_lag_days
),

catalogue as (
    select
        'average_handle_time' as metric, 'mean' as kind, 'seconds' as unit, 'legs' as family,
        'talk + hold + wrap seconds of handled legs / handled legs' as formula, '' as parameters,
        0 as lag_days
    union all
    select
        'average_speed_of_answer', 'mean', 'seconds', 'contacts',
        'wait seconds of handled contacts / handled contacts', '', 0
    union all
    select
        'service_level', 'proportion', 'share', 'contacts',
        'contacts answered within T / offered less short abandons', answering, 0
    from parameters
    union all
    select
        'abandonment_rate', 'proportion', 'share', 'contacts',
        'abandoned less short / offered less short', answering, 0
    from parameters
    union all
    select
        'first_call_resolution', 'proportion', 'share', 'episodes',
        'mature openers without a repeat / mature openers', repeats, repeat_lag_days
    from parameters
    union all
    select
        'repeat_call_rate', 'proportion', 'share', 'episodes',
        'mature handled episodes followed by a repeat / mature handled episodes', repeats,
        repeat_lag_days
    from parameters
    union all
    select
        'agent_turnover', 'rate', 'per_year', 'workforce',
        'departures except promotion and transfer_to_client / agent-years employed', '', 0
)

select
    metric,
    kind,
    unit,
    family,
    formula,
    parameters,
    cast(lag_days as integer) as lag_days,
    version_of(concat(formula, ' | ', parameters)) as version
from catalogue

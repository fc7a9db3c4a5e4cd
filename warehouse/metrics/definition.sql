-- Grain: one metric as it is defined tonight. The catalogue: a metric is known by its row here.
-- Why: a figure says with which formula and parameters it was made; another one is another version.
-- kind says how its uncertainty is computed, family which table of metrics holds its days, lag_days
-- how long before as_of its youngest final day lies.
with parameters as (
    select
        concat(' d, ', case when repeat_same_reason() then 'same' else 'any' end, ' reason')
            as repeats,
        concat('T=', service_level_seconds(), ' s, short<=', short_abandon_seconds(), ' s')
            as answering,
        concat(
            'in ', site_currency(), ', own management ',
            coalesce(cast(own_management() as string) || ' a month', 'not stated')
        ) as costing
),

catalogue as (
    select * from (values
        ('average_handle_time', 'mean', 'seconds', 'legs',
            'talk + hold + wrap seconds of handled legs / handled legs'),
        ('average_talk_time', 'mean', 'seconds', 'legs',
            'talk seconds of handled legs / handled legs'),
        ('average_hold_time', 'mean', 'seconds', 'legs',
            'hold seconds of handled legs / handled legs'),
        ('average_wrap_time', 'mean', 'seconds', 'legs',
            'wrap seconds of handled legs / handled legs'),
        ('transfer_rate', 'proportion', 'share', 'legs',
            'handled legs handed on / handled legs'),
        ('novice_share', 'proportion', 'share', 'legs',
            'handled legs by agents with less than 90 days of tenure / handled legs by agents on the roster'),
        ('handle_time_per_contact', 'mean', 'seconds', 'handled_contacts',
            'talk + hold + wrap seconds of all legs of handled contacts / handled contacts'),
        ('identified_share', 'proportion', 'share', 'handled_contacts',
            'handled contacts with a customer / handled contacts'),
        ('average_speed_of_answer', 'mean', 'seconds', 'contacts',
            'wait seconds of handled contacts / handled contacts'),
        ('service_level', 'proportion', 'share', 'contacts',
            'contacts answered within T / offered less short abandons'),
        ('abandonment_rate', 'proportion', 'share', 'contacts',
            'abandoned less short / offered less short'),
        ('first_call_resolution', 'proportion', 'share', 'episodes',
            'mature openers without a repeat / mature openers'),
        ('repeat_call_rate', 'proportion', 'share', 'episodes',
            'mature handled episodes followed by a repeat / mature handled episodes'),
        ('first_call_resolution_14_days', 'proportion', 'share', 'longer_windows',
            'mature openers without a repeat / mature openers, on days when all are mature'),
        ('first_call_resolution_30_days', 'proportion', 'share', 'longer_windows',
            'mature openers without a repeat / mature openers, on days when all are mature'),
        ('repeat_call_rate_14_days', 'proportion', 'share', 'longer_windows',
            'mature handled episodes followed by a repeat / mature handled episodes, on days when all are mature'),
        ('repeat_call_rate_30_days', 'proportion', 'share', 'longer_windows',
            'mature handled episodes followed by a repeat / mature handled episodes, on days when all are mature'),
        ('quality_score', 'mean', 'share', 'evaluations',
            'points / possible points of evaluations'),
        ('procedure_compliance', 'proportion', 'share', 'evaluations',
            'evaluations with the procedure kept / evaluations that say so or not'),
        ('satisfaction', 'mean', 'share', 'evaluations',
            'points / possible points of satisfaction answers, on the day of the call'),
        ('contacts_per_thousand_subscribers', 'mean', 'per_month', 'subscribers',
            'offered contacts x 1000 / subscriber-days x 12/365.25'),
        ('agent_turnover', 'rate', 'per_year', 'workforce',
            'departures except promotion and transfer_to_client / agent-years employed'),
        ('voluntary_turnover', 'rate', 'per_year', 'workforce',
            'voluntary departures / agent-years employed'),
        ('early_attrition', 'cohort', 'share', 'hires',
            'hires who left within 90 days / hires at least 90 days before as_of'),
        ('cost_per_handled_contact', 'month', 'currency', 'costs',
            'invoices + training + own management of the month / handled contacts'),
        ('cost_per_resolved_contact', 'month', 'currency', 'costs',
            'invoices + training + own management of the month / resolved openers of the month')
    ) as catalogue (metric, kind, unit, family, formula)
),

windowed as (
    select
        *,
        case
            when metric in ('first_call_resolution_14_days', 'repeat_call_rate_14_days') then 14
            when metric in ('first_call_resolution_30_days', 'repeat_call_rate_30_days') then 30
            else repeat_window_days()
        end as window_days
    from catalogue
),

parametrised as (
    select
        windowed.*,
        case
            when family in ('episodes', 'longer_windows') then concat('W=', window_days, repeats)
            when metric in ('service_level', 'abandonment_rate') then answering
            when metric = 'cost_per_handled_contact' then costing
            when metric = 'cost_per_resolved_contact'
                then concat(costing, ', W=', window_days, repeats)
            else ''
        end as parameters,
        case
            when family in ('episodes', 'longer_windows') then window_days + 1
            when family = 'hires' then 90
            else 0
        end as lag_days
    from windowed
    cross join parameters
)

select
    metric,
    kind,
    case when unit = 'currency' then site_currency() else unit end as unit,
    family,
    formula,
    parameters,
    cast(lag_days as integer) as lag_days,
    version_of(concat(formula, ' | ', parameters)) as version
from parametrised

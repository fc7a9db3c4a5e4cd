-- The acknowledgement that stands of each incident: its last one, unless the incident got worse or
-- came back since. What somebody has seen is what there was to see.
create view standing_acknowledgement as
select acknowledgement.*
from acknowledgement
where
    acknowledgement_id in (
        select max(acknowledgement_id) from acknowledgement group by incident_id
    )
    and not exists (
        select 1
        from incident_change
        where
            incident_change.incident_id = acknowledgement.incident_id
            and incident_change.change_number > acknowledgement.change_number
            and incident_change.reason in ('opened', 'worsened', 'reopened')
    );

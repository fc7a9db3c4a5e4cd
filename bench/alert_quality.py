"""How good are the alerts? Made-up services whose truth is known, judged by our own functions.

python -m bench.alert_quality [--series 400] > docs/alert_quality.md
"""

import argparse
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from bench.alert_methods import (
    Bools,
    alarm_rate,
    best_rises,
    breached,
    daily_threshold,
    detector,
    intervals,
    is_up,
    limit_for,
    three_sigma,
)
from bench.departing_agents import departure_lines
from bench.simulated_days import Floats, Service, simulate
from checks.shifts import REFERENCE_DAYS

SERVICES = [
    Service(target, autocorrelation, is_low_good)
    for target, is_low_good in ((0.80, False), (0.93, False), (0.05, True))
    for autocorrelation in (0.0, 0.3)
]
SHIFTS = (0.5, 1.0, 2.0)
INSIDE = -0.5
YEARS = 2
BEFORE_DAYS = 91  # at the target, between the reference and a shift
AFTER_DAYS = 182  # by then whoever has not seen it is counted as seeing it on the last day
SEED = 1998
BEST = "best possible"
METHODS: dict[str, Callable[[Service, Floats, Floats], Bools]] = {
    "detector": detector,
    "breached": breached,
    "daily threshold": daily_threshold,
    "3 sigma, 28 days": three_sigma,
}

INTRODUCTION = """\
# How good are the alerts?

Made by `python -m bench.alert_quality > docs/alert_quality.md`. Nothing here is a real service.

**False alarms a year**, *at* the target and *inside* it (better by half a daily standard
deviation): how often an alarm begins though nothing is wrong. **Days to detection** of a shift from
the target to the wrong side, by 0.5, 1 and 2 standard deviations of a day; *of best*: as a multiple
of the best possible, in the mean of the three. Days are beta-binomial, about 150 contacts each,
with busy, bad Mondays and quiet, good weekends; the level of a day follows that of the day before
with the *correlation* that is said.

* *detector*, *breached*: ours, the functions that judge each night (`checks/shifts.py`,
  `checks/intervals.py`, `checks/persistence.py`).
* *daily threshold*: an alarm on every day on the wrong side of the target.
* *3 sigma, 28 days*: the mean of 28 days beyond three of its standard errors.
* *best possible*: for each shift the chart of cumulative sums that knows this shift, the spread of
  days, their weekdays and their correlation, at the detector's number of false alarms. Nobody has
  it.
"""


class Quality(NamedTuple):
    """False alarms a year at the target and inside it, mean days to detection by shift."""

    at_target: float
    inside: float
    delays: tuple[float, ...]


def onsets_a_year(alarms: Bools) -> float:
    """How often an alarm begins, after the reference."""
    tested = alarms[:, REFERENCE_DAYS:]
    begun = (tested[:, 1:] & ~tested[:, :-1]).sum() + tested[:, 0].sum()
    return float(begun / tested.size * 365.25)


def mean_delay(alarms: Bools) -> float:
    """Days from the shift to an alarm, that day included, where none stood before."""
    change = REFERENCE_DAYS + BEFORE_DAYS
    after = alarms[~alarms[:, change - 1], change:]
    seen = np.where(after.any(axis=1), after.argmax(axis=1) + 1, AFTER_DAYS)
    return float(seen.mean())


Days = tuple[Floats, Floats]


def qualities(service: Service, series: int) -> tuple[dict[str, Quality], float]:
    """Each method's quality by name, and the share of our intervals that hold the truth."""
    random = np.random.default_rng(SEED)
    quiet = REFERENCE_DAYS + 365 * YEARS
    at_target = simulate(service, np.zeros(quiet), series, random)
    inside = simulate(service, np.full(quiet, INSIDE), series, random)
    before, after = np.zeros(REFERENCE_DAYS + BEFORE_DAYS), np.ones(AFTER_DAYS)
    shifted = {
        shift: simulate(service, np.concatenate([before, shift * after]), series, random)
        for shift in SHIFTS
    }
    found = {
        name: Quality(
            onsets_a_year(method(service, *at_target)),
            onsets_a_year(method(service, *inside)),
            tuple(mean_delay(method(service, *days)) for days in shifted.values()),
        )
        for name, method in METHODS.items()
    }
    found[BEST] = _best(service, at_target, shifted, found["detector"].at_target)
    low, high = intervals(*at_target, REFERENCE_DAYS)
    return found, float(((low <= service.target) & (service.target <= high)).mean())


def _best(
    service: Service, at_target: Days, shifted: dict[float, Days], false_alarms: float
) -> Quality:
    delays = []
    for shift, days in shifted.items():
        rises = best_rises(service, service.deviations(*at_target), shift)
        limit = limit_for(rises, false_alarms / 365.25)
        delays.append(
            mean_delay(is_up(best_rises(service, service.deviations(*days), shift), limit))
        )
    return Quality(alarm_rate(rises, limit) * 365.25, float("nan"), tuple(delays))


def service_lines(series: int) -> Iterator[str]:
    """A table of all methods on all services, and what is wanted of ours beside the worst found."""
    yield (
        "| target | correlation | method | false, at | false, inside |"
        " 0.5 sd | 1 sd | 2 sd | of best |"
    )
    yield "|---|---:|---|---:|---:|---:|---:|---:|---:|"
    all_found, held = [], []
    for service in SERVICES:
        found, share = qualities(service, series)
        all_found.append(found)
        held.append(share)
        for name, quality in found.items():
            yield _line(service, name, quality, found[BEST])
    yield ""
    yield "| wanted | worst found |"
    yield "|---|---:|"
    ours = [found["detector"] for found in all_found]
    verdicts = [found["breached"] for found in all_found]
    slowest = max(_of_best(found["detector"], found[BEST]) for found in all_found)
    yield f"| detector: at most 1.1 a year at the target | {max(q.at_target for q in ours):.2f} |"
    yield f"| detector: at most 0.1 a year inside | {max(q.inside for q in ours):.2f} |"
    yield f"| detector: at most 1.25 times the best possible | {slowest:.2f} |"
    at_target = max(q.at_target for q in verdicts)
    yield f"| breached: at most 0.5 a year at the target | {at_target:.2f} |"
    yield f"| breached: at most 0.02 a year inside | {max(q.inside for q in verdicts):.3f} |"
    yield f"| intervals hold the truth in 93 to 97 % | {min(held):.1%} to {max(held):.1%} |"


def _line(service: Service, name: str, quality: Quality, best: Quality) -> str:
    side = "at most" if service.is_low_good else "at least"
    inside = "" if name == BEST else f"{quality.inside:.2f}"
    delays = " | ".join(f"{delay:.1f}" for delay in quality.delays)
    return (
        f"| {side} {service.target:.2f} | {service.autocorrelation} | {name} |"
        f" {quality.at_target:.2f} | {inside} | {delays} | {_of_best(quality, best):.2f} |"
    )


def _of_best(quality: Quality, best: Quality) -> float:
    """Days to detection as a multiple of the best possible, in the mean of the shifts."""
    return float(np.mean(np.divide(quality.delays, best.delays)))


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=400, help="made-up sites of each kind")
    series = parser.parse_args().series
    print(INTRODUCTION)
    for line in (*service_lines(series), "", *departure_lines(series)):
        print(line, flush=True)


if __name__ == "__main__":
    main()

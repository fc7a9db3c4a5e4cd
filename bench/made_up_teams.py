"""Teams whose truth is known: who was hired, who left, and what became of the calls they took."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from checks.attribution import Part
from checks.intervals import Floats
from checks.team_mix import DailyMix, TeamMix
from checks.tenure import BANDS, DAYS_A_YEAR, ENDS, STARTS, VETERAN_DAYS, VETERANS, HireLabel

Curve = Callable[[Floats], Floats]

FIRST_DAY = date(1998, 1, 5)
HISTORY_DAYS = 546  # six blocks of 91 days
BURN_IN_DAYS = 540  # of hiring and leaving before the first call, so that labels are known
MONTH_DAYS = 30
CHANGE_DAY = 364  # when the scenario's second half begins
REFERENCE = (CHANGE_DAY - 91, CHANGE_DAY - 1)
WINDOW = (HISTORY_DAYS - 28, HISTORY_DAYS - 1)
SEATS = 20
REASONS = {"billing": (0.74, 9.0), "line": (0.68, 15.0)}  # resolution; first calls a day and agent
GAP, LEARNT_DAYS = 0.30, 365
SKILL_SPREAD = 0.03
DAY_SPREAD, DAY_CORRELATION = 0.02, 0.3
LONGEST_VACANCY_DAYS = 21
REPLACING_DAYS = 90
NORM_A_YEAR = 1.5


@dataclass(frozen=True)
class Scenario:
    """Departures and growth hires a month, before and after the change."""

    name: str
    departures: tuple[int, int]
    growth: tuple[int, int]


SCENARIOS = (
    Scenario("3 to 6 departures a month, with growth", (3, 6), (0, 1)),
    Scenario("steady 4 departures a month", (4, 4), (0, 0)),
    Scenario("growth only", (0, 0), (1, 4)),
)


def smooth(tenure_days: Floats) -> Floats:
    """-0.30 on the first day, 0 after a year, ever more slowly."""
    curve: Floats = -GAP * np.clip(1 - tenure_days / LEARNT_DAYS, 0, None) ** 2
    return curve


def stepwise(tenure_days: Floats) -> Floats:
    """The smooth curve's value in the middle of each band, all through it."""
    steps = np.append(smooth((STARTS + ENDS) / 2), 0.0)
    curve: Floats = steps[np.searchsorted(ENDS, tenure_days, side="right")]
    return curve


CURVES: dict[str, Curve] = {"smooth": smooth, "stepwise": stepwise}


@dataclass(frozen=True)
class Team:
    """Hired and left (last day) as numbers of days from FIRST_DAY on, and each hire's label."""

    hired: npt.NDArray[np.int64]
    left: npt.NDArray[np.int64]
    label: list[HireLabel]


def make_team(rng: np.random.Generator, scenario: Scenario) -> Team:
    """Twenty seats whose leavers are replaced within three weeks, and what growth adds."""
    hired = rng.integers(-1500, -BURN_IN_DAYS, SEATS).tolist()
    left = [HISTORY_DAYS] * SEATS
    for day in range(-BURN_IN_DAYS, HISTORY_DAYS):
        is_late = int(day >= CHANGE_DAY)
        there = [n for n in range(len(hired)) if hired[n] <= day < left[n]]
        leavers = rng.binomial(len(there), scenario.departures[is_late] / MONTH_DAYS / SEATS)
        for agent in rng.choice(there, leavers, replace=False):
            left[agent] = day
            hired.append(day + 1 + int(rng.integers(LONGEST_VACANCY_DAYS)))
            left.append(HISTORY_DAYS)
        growth = rng.poisson(scenario.growth[is_late] / MONTH_DAYS)
        hired += [day] * growth
        left += [HISTORY_DAYS] * growth
    return Team(np.array(hired), np.array(left), _labels(hired, left))


def _labels(hired: list[int], left: list[int]) -> list[HireLabel]:
    """A hire uses up the oldest departure of the 90 days before, or is growth."""
    unused = sorted(day for day in left if day < HISTORY_DAYS)
    labels = [HireLabel.GROWTH] * len(hired)
    for agent in sorted(range(len(hired)), key=lambda n: hired[n]):
        day = hired[agent]
        usable = [gone for gone in unused if day - REPLACING_DAYS <= gone < day]
        if usable:
            unused.remove(usable[0])
            labels[agent] = HireLabel.REPLACEMENT
    return labels


def first_calls(rng: np.random.Generator, team: Team, curve: Curve) -> pl.DataFrame:
    """One row an agent, day and reason: first calls, how many resolved, and what tenure did."""
    day, agent = np.meshgrid(np.arange(HISTORY_DAYS), np.arange(len(team.hired)), indexing="ij")
    is_there = (team.hired[agent] <= day) & (day <= team.left[agent])
    day, agent = day[is_there], agent[is_there]
    tenure = (day - team.hired[agent]).astype(np.float64)
    gain = curve(tenure)
    skill = rng.normal(0, SKILL_SPREAD, len(team.hired))
    weather = _weather(rng)
    frames = []
    for reason, (resolution, calls_a_day) in REASONS.items():
        calls = rng.poisson(calls_a_day, len(day))
        chance = np.clip(resolution + gain + skill[agent] + weather[day], 0.01, 0.99)
        frames.append(
            pl.DataFrame(
                {
                    "day": day,
                    "agent": agent,
                    "tenure": tenure,
                    "gain": gain,
                    "denominator": calls.astype(np.float64),
                    "numerator": rng.binomial(calls, chance).astype(np.float64),
                }
            ).with_columns(reason=pl.lit(reason))
        )
    found = pl.concat(frames).filter(pl.col("denominator") > 0)
    number = np.searchsorted(ENDS, found["tenure"].to_numpy(), side="right")
    band = pl.Series("tenure_band", np.array([*BANDS, *VETERANS])[number])
    label = pl.col("agent").replace_strict(
        range(len(team.label)), list(map(str, team.label)), return_dtype=pl.String
    )
    return found.with_columns(band, hire_label=pl.when(pl.col("tenure") < VETERAN_DAYS).then(label))


def _weather(rng: np.random.Generator) -> Floats:
    noise = rng.normal(0, DAY_SPREAD * (1 - DAY_CORRELATION**2) ** 0.5, HISTORY_DAYS)
    weather = np.zeros(HISTORY_DAYS)
    for day in range(1, HISTORY_DAYS):
        weather[day] = DAY_CORRELATION * weather[day - 1] + noise[day]
    return weather


TOTALS = (
    pl.col("numerator").sum(),
    pl.col("denominator").sum(),
    (pl.col("tenure") * pl.col("denominator")).sum().alias("tenure_days"),
    (pl.col("tenure") ** 2 * pl.col("denominator")).sum().alias("tenure_days_squared"),
)


def cells_of(calls: pl.DataFrame) -> pl.DataFrame:
    """The cells as the warehouse gives them to the tenure curve."""
    cells = calls.with_columns(
        block_start=pl.col("day") // 91, agent_id=pl.col("agent").cast(pl.String)
    )
    found = cells.group_by("agent_id", "reason", "tenure_band", "block_start").agg(
        *TOTALS, first_tenure_days=pl.col("tenure").min()
    )
    return found.with_columns(squares=pl.col("numerator"))


def days_of(calls: pl.DataFrame) -> DailyMix:
    """The daily rows as the warehouse gives them."""
    days = calls.group_by("day", "reason", "tenure_band", "hire_label").agg(TOTALS)
    return DailyMix(days.with_columns(day=pl.lit(FIRST_DAY) + pl.duration(days="day")))


def period(days: DailyMix, bounds: tuple[int, int]) -> TeamMix:
    """A period by its first and last number of a day."""
    first, last = (FIRST_DAY + timedelta(days=number) for number in bounds)
    mix = days.over(first, last)
    if mix is None:
        raise ValueError("the period is not in the history")
    return mix


def truth_of(
    calls: pl.DataFrame, curve: Curve, veterans_from: int, reference: TeamMix, window: TeamMix
) -> dict[Part, float]:
    """The true curve, less that of the veterans, on the composition that came about."""
    veterans = calls.filter(pl.col("tenure") >= veterans_from)
    level = float(
        np.average(veterans["gain"].to_numpy(), weights=veterans["denominator"].to_numpy())
    )
    learners = calls.filter(pl.col("tenure") < veterans_from).with_columns(pl.col("gain") - level)
    shares = (reference.reason_shares + window.reason_shares) / 2

    def change(label: HireLabel) -> float:
        gains = [_gains(learners, period, label) for period in (reference, window)]
        return float(shares @ (gains[1] - gains[0]))

    days = np.arange(veterans_from + 1.0)
    alive = np.exp(-NORM_A_YEAR * days / DAYS_A_YEAR)
    normal = float((curve(days[:-1]) - level) @ -np.diff(alive))
    growth = calls.filter(
        pl.col("day").is_between(*WINDOW), pl.col("hire_label") == HireLabel.GROWTH
    )
    rest = 1 - float(growth["denominator"].sum()) / window.contacts
    standing = window.reason_shares @ _gains(learners, window, HireLabel.REPLACEMENT)
    return {
        Part.REPLACEMENT: change(HireLabel.REPLACEMENT),
        Part.GROWTH: change(HireLabel.GROWTH),
        Part.STANDING_COST: float(standing) - rest * normal,
    }


def _gains(learners: pl.DataFrame, period: TeamMix, label: HireLabel) -> Floats:
    """By reason: what the curve takes from a period's calls through hires of a label."""
    first, last = ((day - FIRST_DAY).days for day in (period.start, period.end))
    hires = learners.filter(
        pl.col("day").is_between(first, last), pl.col("hire_label") == label
    ).with_columns(pl.col("gain") * pl.col("denominator"))
    taken = [float(hires.filter(pl.col("reason") == r)["gain"].sum()) for r in period.reasons]
    gains: Floats = np.array(taken) / period.denominator.sum(axis=0)
    return gains

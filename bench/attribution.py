"""Do the intervals of the attribution hold what they promise? Made-up teams whose truth is known.

python -m bench.attribution [--seeds 400]

Twenty agents of different ability answer calls about two reasons, on days that have their weather.
What tenure does is a smooth curve over the first year, or steps from band to band; hires are
labelled by the rule of the warehouse, first in, first out. The truth is that curve, call by call,
on the composition that came about. Printed for each scenario: in how many seeds the 95 % intervals
hold it, mean error and mean half-width in points of first-call resolution, the largest failure to
add up, and in how many seeds `turnover_harms_quality` would fire had both norms been breached.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.made_up_teams import (
    CURVES,
    NORM_A_YEAR,
    REFERENCE,
    SCENARIOS,
    WINDOW,
    Curve,
    Scenario,
    cells_of,
    days_of,
    first_calls,
    make_team,
    period,
    truth_of,
)
from checks.attribution import Estimate, Part, decompose, standing_cost
from checks.tenure import Gap
from checks.tenure_fit import fit_tenure_curve

MATERIALITY = 0.01  # of the policy that comes with qos
LEVEL = 0.95


@dataclass(frozen=True)
class Result:
    """One seed: what was estimated, the truth, and how far the parts are from adding up."""

    found: dict[Part, Estimate]
    truth: dict[Part, float]
    failure: float

    @property
    def would_fire(self) -> bool:
        """Whether turnover is seen to harm quality beyond doubt."""
        return self.found[Part.STANDING_COST].high < -MATERIALITY


def result_of(scenario: Scenario, curve: Curve, seed: int) -> Result:
    """Make a team, let it take calls, and explain what came of it."""
    rng = np.random.default_rng(seed)
    calls = first_calls(rng, make_team(rng, scenario), curve)
    days = days_of(calls)
    reference, window = period(days, REFERENCE), period(days, WINDOW)
    learnt = fit_tenure_curve(cells_of(calls), is_share=True)
    cost = standing_cost(window, learnt, NORM_A_YEAR, LEVEL)
    parts = decompose(reference, window, learnt, LEVEL) | {Part.STANDING_COST: cost}
    found = {part: figure for part, figure in parts.items() if isinstance(figure, Estimate)}
    if isinstance(learnt, Gap) or len(found) < len(parts):
        raise ValueError(f"{scenario.name}, seed {seed}: {cost}")
    pieces = found.keys() - {Part.CHANGE, Part.STANDING_COST}
    change = window.numerator.sum() / window.contacts
    change -= reference.numerator.sum() / reference.contacts
    failure = abs(sum(found[part].value for part in pieces) - change)
    return Result(found, truth_of(calls, curve, learnt.veterans_from, reference, window), failure)


def table(seeds: int) -> Iterator[str]:
    """The lines that are printed."""
    yield "| scenario | curve | part | cover | error | half-width | adds up to | fires |"
    yield "|---|---|---|---:|---:|---:|---:|---:|"
    for scenario in SCENARIOS:
        for name, curve in CURVES.items():
            results = [result_of(scenario, curve, seed) for seed in range(seeds)]
            for part in results[0].truth:
                yield f"| {scenario.name} | {name} | {part.value} | {_line(results, part)}"


def _line(results: list[Result], part: Part) -> str:
    found = [result.found[part] for result in results]
    truth = [result.truth[part] for result in results]
    pairs = list(zip(found, truth, strict=True))
    cover = np.mean([f.low <= t <= f.high for f, t in pairs])
    error = np.mean([f.value - t for f, t in pairs])
    half = np.mean([f.high - f.low for f in found]) / 2
    failure = max(result.failure for result in results)
    fires = sum(result.would_fire for result in results)
    return (
        f"{cover * 100:.1f} % | {error * 100:+.2f} | {half * 100:.2f} | {failure:.0e} | "
        f"{fires} of {len(results)} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    for line in table(parser.parse_args().seeds):
        print(line, flush=True)


if __name__ == "__main__":
    main()

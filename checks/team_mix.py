"""Who took which contacts: totals of a period by reason, and the shares of hires in them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from checks.intervals import Floats, Ints
from checks.tenure import BANDS, VETERANS, HireLabel, shape_in_band

LABELS = tuple(HireLabel)


@dataclass(frozen=True)
class TeamMix:
    """One metric over one period; r reasons, the bands of BANDS.

    Attributes:
        numerator, denominator: (weeks, r), whole weeks; the last ends with the period.
        hires: (labels of LABELS, r, bands, 3), of agents with less than 365 days of tenure: the
            denominator times `tenure.shape_in_band`.
        off_roster: denominator of agents on no roster.
    """

    start: date
    end: date
    reasons: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    hires: Floats
    off_roster: float

    @property
    def contacts(self) -> float:
        """The whole denominator."""
        return float(self.denominator.sum())

    @property
    def reason_shares(self) -> Floats:
        """(r,) shares of the denominator."""
        shares: Floats = self.denominator.sum(axis=0) / self.contacts
        return shares

    @property
    def rates(self) -> Floats:
        """(r,) the metric by reason; 0 where there was no contact."""
        rates: Floats = self.numerator.sum(axis=0) / _never_zero(self.denominator.sum(axis=0))
        return rates

    @property
    def hire_shares(self) -> Floats:
        """(labels, r, bands, 3) shares of hires in each reason's denominator, times shape."""
        return self.hires / _never_zero(self.denominator.sum(axis=0))[:, None, None]


class DailyMix:
    """The daily rows of one metric, to be added up over any period.

    Args:
        days: day, reason, tenure_band (`unknown` for agents on no roster), hire_label (of
            HireLabel; null for veterans and unknown agents), numerator, denominator, tenure_days
            and tenure_days_squared (sums over the calls). At least one row.
    """

    def __init__(self, days: pl.DataFrame) -> None:
        self.reasons: tuple[str, ...] = tuple(days["reason"].unique().sort())
        number = days["day"].to_physical().to_numpy().astype(np.int64)
        self._first_number = int(number.min())
        day = number - self._first_number
        reason = _places(days, "reason", self.reasons)
        band = _places(days, "tenure_band", BANDS + VETERANS)
        label = _places(days, "hire_label", LABELS)
        denominator = days["denominator"].to_numpy()

        shape = (int(day.max()) + 1, len(self.reasons))
        self._numerator, self._denominator = np.zeros(shape), np.zeros(shape)
        np.add.at(self._numerator, (day, reason), days["numerator"].to_numpy())
        np.add.at(self._denominator, (day, reason), denominator)
        self._off_roster = np.zeros(shape[0])
        is_unknown = band == len(BANDS + VETERANS)
        np.add.at(self._off_roster, day[is_unknown], denominator[is_unknown])

        self._hires = np.zeros((*shape, len(LABELS), len(BANDS), 3))
        learns = band < len(BANDS)
        # Who is on no list of hires was hired before anybody kept one.
        label = np.where(label < len(LABELS), label, LABELS.index(HireLabel.EARLIER))
        mean = days.select(pl.col("tenure_days", "tenure_days_squared") / pl.col("denominator"))
        tenure, squares = mean.to_numpy()[learns].T
        calls = shape_in_band(tenure, squares, band[learns])
        calls *= denominator[learns, None]
        np.add.at(self._hires, (day[learns], reason[learns], label[learns], band[learns]), calls)

    def over(self, start: date, end: date) -> TeamMix | None:
        """The period from `start` to `end`, both included and a number of whole weeks apart.

        None if the rows do not reach so far back, or nothing happened.
        """
        first = (start - date(1970, 1, 1)).days - self._first_number
        days = slice(first, first + (end - start).days + 1)
        if first < 0 or (days.stop - first) % 7 or not self._denominator[days].any():
            return None
        weeks = (days.stop - first) // 7
        return TeamMix(
            start=start,
            end=end,
            reasons=self.reasons,
            numerator=_by_week(self._numerator[days], weeks),
            denominator=_by_week(self._denominator[days], weeks),
            hires=self._hires[days].sum(axis=0).swapaxes(0, 1),
            off_roster=float(self._off_roster[days].sum()),
        )


def _places(frame: pl.DataFrame, column: str, known: tuple[str, ...]) -> Ints:
    """The place of each value in `known`; what is not in it comes last."""
    found = (
        frame[column]
        .cast(pl.String)
        .replace_strict(
            [str(name) for name in known],
            range(len(known)),
            default=len(known),
            return_dtype=pl.Int64,
        )
    )
    return found.to_numpy().astype(np.int64)


def _by_week(days: Floats, weeks: int) -> Floats:
    """(days, r) as (weeks, r); days missing at the end of the rows had nothing."""
    whole = np.zeros((weeks * 7, days.shape[1]))
    whole[: len(days)] = days
    by_week: Floats = whole.reshape(weeks, 7, -1).sum(axis=1)
    return by_week


def _never_zero(values: Floats) -> Floats:
    return np.where(values > 0, values, np.inf)

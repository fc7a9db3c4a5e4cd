"""Days of a made-up service of which the truth is known, many series at once: (series, days).

A day's level is drawn from a beta distribution whose rank follows an autoregression of order one,
and its contacts from a binomial with that level: days differ by more than chance. Mondays are busy
and worse, weekends are quiet and better.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtr

Floats = npt.NDArray[np.float64]

CONTACTS_A_DAY = 150
OVERDISPERSION = 0.01  # share of a call's variance that is its day's
VOLUMES = np.array([1.3, 1.15, 1.1, 1.05, 1.1, 0.7, 0.6])  # Monday to Sunday
PATTERN = np.array([0.6, 0.2, 0.1, 0.0, 0.1, -0.5, -0.6])  # in daily standard deviations, worse
GRID = (np.arange(2000) + 0.5) / 2000


@dataclass(frozen=True)
class Service:
    """A proportion that is to keep to its target, and how alike its days are."""

    target: float
    autocorrelation: float
    is_low_good: bool

    @property
    def daily_deviation(self) -> float:
        """Standard deviation of a day of mean volume, weekdays aside."""
        variance = self.target * (1 - self.target)
        return float(np.sqrt(variance * (1 / CONTACTS_A_DAY + OVERDISPERSION)))

    @property
    def daily_correlation(self) -> float:
        """Of a day's share with the day before: that of the levels, whose part of a day it is."""
        return self.autocorrelation * OVERDISPERSION / (1 / CONTACTS_A_DAY + OVERDISPERSION)

    def deviations(self, successes: Floats, contacts: Floats) -> Floats:
        """How far days lie on the wrong side, in their own deviations; only the truth tells."""
        expected = self.target + (1 if self.is_low_good else -1) * self.pattern(successes.shape[1])
        variance = self.target * (1 - self.target) * (1 / contacts + OVERDISPERSION)
        wrong = 1 if self.is_low_good else -1
        deviations: Floats = wrong * (successes / contacts - expected) / np.sqrt(variance)
        return deviations

    def pattern(self, days: int) -> Floats:
        """By how much days are worse for their weekday; the level of all contacts stays."""
        pattern = PATTERN - (PATTERN * VOLUMES).sum() / VOLUMES.sum()
        worse: Floats = pattern[np.arange(days) % 7] * self.daily_deviation
        return worse


def simulate(
    service: Service, shifts: Floats, series: int, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Numerators and denominators of days that begin on a Monday.

    `shifts`: by how many daily deviations the level lies on the wrong side of the target each day.
    """
    days = len(shifts)
    weekday = np.arange(days) % 7
    rank = _autoregression(service.autocorrelation, (series, days), random)
    contacts = random.poisson(CONTACTS_A_DAY * VOLUMES[weekday], (series, days))
    worse = service.pattern(days) + shifts * service.daily_deviation
    mean = service.target + (worse if service.is_low_good else -worse)
    level = np.empty((series, days))
    size = 1 / OVERDISPERSION - 1  # of the beta distribution
    for one in np.unique(mean):
        levels = betaincinv(one * size, (1 - one) * size, GRID)
        level[:, mean == one] = np.interp(rank[:, mean == one], GRID, levels)
    return random.binomial(contacts, level).astype(np.float64), contacts.astype(np.float64)


def _autoregression(
    correlation: float, shape: tuple[int, int], random: np.random.Generator
) -> Floats:
    """Uniform ranks whose normal scores follow an autoregression of order one."""
    noise = random.standard_normal(shape)
    for day in range(1, shape[1]):
        noise[:, day] *= np.sqrt(1 - correlation**2)
        noise[:, day] += correlation * noise[:, day - 1]
    ranks: Floats = ndtr(noise)
    return ranks

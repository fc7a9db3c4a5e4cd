"""The numbers of the made-up site, each with its why.

They were calibrated together on 63 seeds. The nine months before the story have a service level of
0.87 to 0.92 in 20 s (one month in all was below 0.80, at 0.798), first-call resolution of 0.64 to
0.68, abandonment of 0.02 to 0.04 and a handle time of 300 to 335 s; the six of the story 0.57 to
0.72, 0.59 to 0.65, and 0.08 to 0.15 on average.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

SITE_NAME = "FTCI Malakoff"
TIME_ZONE = "Europe/Paris"
FIRST_DAY = date(1998, 11, 1)
LONGEST_MONTHS = 15  # the holidays below, and the story, end there
STORY_MONTH = 10  # counted from 1: August 1999, when departures more than double


@dataclass(frozen=True)
class Reason:
    """Why customers call. `resolution` is what a veteran of average skill reaches."""

    label: str
    queue: str
    share: float
    handle_seconds: float
    resolution: float


# Technical matters are two calls in three of an Internet provider's hotline, and the long ones.
REASONS = (
    Reason("Connexion", "Technique", 0.28, 330, 0.75),
    Reason("Messagerie", "Technique", 0.17, 285, 0.80),
    Reason("Installation", "Technique", 0.13, 400, 0.70),
    Reason("Débit", "Technique", 0.09, 310, 0.69),
    Reason("Facturation", "Commercial", 0.22, 235, 0.84),
    Reason("Résiliation", "Commercial", 0.11, 225, 0.85),
)

# Learning: agents of less than 3 months, of 3 to 12 and of more resolve about .45, .66 and .77 of
# their calls. Service times fall for months too (Gans et al. 2010, "Service times in call centers:
# agent heterogeneity and learning with some operational consequences").
RESOLUTION_GAP = 0.45
RESOLUTION_LEARNING_DAYS = 150
HANDLE_EXCESS = 0.35
HANDLE_LEARNING_DAYS = 75
RESOLUTION_SKILL_SPREAD = 0.03  # standard deviation between agents of the same tenure
HANDLE_SKILL_SPREAD = 0.08  # of the logarithm; colleagues differ by a tenth or so
HANDLE_NOISE = 0.65  # of the logarithm; service times are lognormal (Brown et al. 2005)
HANDLE_LIMIT_SECONDS = 2700  # longer calls go to the second line; shorter than any break

# Customers: 23,000 in the end, the operator's figure; home Internet grew as fast in 1999.
FIRST_SUBSCRIBERS = 16_000
LAST_SUBSCRIBERS = 23_000
ISSUES_PER_SUBSCRIBER_DAY = 0.0284  # 0.86 a month; with repeats and redials 400,000 calls
UNIDENTIFIED_SHARE = 0.03  # calls from another line, without a customer number
PATIENCE_SECONDS = 240.0  # mean, exponential; a few minutes in published studies
REDIAL_SHARE, REDIAL_DAYS = 0.6, 0.02  # who hung up tries again, after half an hour on average
REPEAT_SHARE, REPEAT_DAYS = 0.93, 1.8  # an unresolved customer calls again within days
WRAP_SHARES = (0.08, 0.24)  # of the handle time, between these bounds
HOLD_SHARES, HELD_SHARE = (0.05, 0.25), 0.3  # of the handle time, in three calls of ten
TRANSFERRED_SHARE = 0.06  # handed on to the operator's second line, which keeps a log of its own

WARM_UP_DAYS = 14  # days before the first one: its callers include those not helped earlier

# Arrivals: two humps a day (office hours, evening), a strong Monday, a weak Sunday, and days that
# differ by more than Poisson's law allows (Avramidis, Deslauriers and L'Ecuyer 2004).
OPENS_HOUR = 9
HOUR_SHARES = (0.07, 0.10, 0.10, 0.07, 0.06, 0.09, 0.085, 0.085, 0.095, 0.10, 0.085, 0.06)
CLOSES_SECOND = (OPENS_HOUR + len(HOUR_SHARES)) * 3600
WEEKDAY_FACTORS = (1.25, 1.05, 1.0, 1.0, 1.05, 1.0, 0.65)  # mean 1
SUNDAY = 6
DAY_NOISE = 0.08  # coefficient of variation of a day's busyness
CLOSED_DAYS = (
    date(1998, 12, 25),
    date(1999, 1, 1),
    date(1999, 5, 1),
    date(1999, 12, 25),
    date(2000, 1, 1),
)
HOLIDAYS = (  # French public holidays: the volume and the rota of a Sunday
    date(1998, 11, 11),
    date(1999, 4, 5),
    date(1999, 5, 8),
    date(1999, 5, 13),
    date(1999, 5, 24),
    date(1999, 7, 14),
    date(1999, 8, 15),
    date(1999, 11, 1),
    date(1999, 11, 11),
)
EVENTS = {  # day: what happened, and how many times as many customers called
    date(1999, 2, 9): ("Panne du réseau câblé", 1.6),
    date(1999, 4, 12): ("Nouvelle procédure Messagerie", 1.0),
    date(1999, 6, 21): ("Campagne de la Fête de la musique", 1.15),
    date(1999, 8, 2): ("Ouverture d'un centre d'appels voisin", 1.0),
    date(1999, 12, 31): ("Veille de l'an 2000", 0.8),
}

# The team grows with the customers, a little less: a longer line wastes less of its agents' time.
FIRST_SEATS = 21
LAST_SEATS = 28
RECRUITS_A_MONTH = (2, 6)  # what the provider can find and train
EXPECTED_DEPARTURES = 2  # what the provider's plan allows for, also when it is wrong
# Each quarter has one month of each, in any order, so that luck alone makes no story: two a month
# is what the operator knows, about one a year for each seat.
DEPARTURES_OF_A_QUARTER = (1, 2, 3)
STORY_DEPARTURES_OF_A_QUARTER = (5, 6, 7)  # enough for a quarter's interval to clear 1.5 a year
NOVICE_HAZARD = 3.0  # a novice leaves this many times as readily as a veteran
NOVICE_HAZARD_DAYS = 90
MEAN_TENURE_DAYS = 330  # of the first team: what one departure a year and seat leaves behind
LONGEST_TENURE_DAYS = 900  # the service opened in spring 1996
LEAVE_REASONS = {"voluntary": 0.68, "dismissed": 0.12, "end_of_contract": 0.20}
TRAINING_DAYS = 10  # working days, from a Monday on
TRAINING_CALENDAR_DAYS = 14  # before the first call
TRAINING_HOURS = 7.0
TRAINING_FRANCS_AN_HOUR = 250.0  # trainer, room and the recruit's wage: 17,500 F a recruit

# Shifts: five days of seven hours on the telephone (39 hours paid, breaks and briefings included).
ABSENCE_SHARE = 0.06  # paid leave and sickness
FRANCS_AN_HOUR = 310.0  # on the telephone; 12 months cost 10 to 15 million francs


def learning(tenure_days: float, learning_days: float) -> float:
    """What is still to learn after so many days of employment: 1 at first, 0 in the end."""
    return math.exp(-max(tenure_days, 0.0) / learning_days)


def month_start(month: int) -> date:
    """First day of a month of the site; months are counted from 1."""
    months = FIRST_DAY.year * 12 + FIRST_DAY.month - 1 + month - 1
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: int) -> date:
    """Last day of a month of the site."""
    return month_start(month + 1) - timedelta(days=1)


def growth(day: date) -> float:
    """How far the site has grown: 0 on the first day, 1 at the end of the longest history."""
    share = (day - FIRST_DAY) / (month_start(LONGEST_MONTHS + 1) - FIRST_DAY)
    return min(max(share, 0.0), 1.0)


def subscribers(day: date) -> int:
    """Customers on a day."""
    return round(FIRST_SUBSCRIBERS + growth(day) * (LAST_SUBSCRIBERS - FIRST_SUBSCRIBERS))


def seats(day: date) -> int:
    """Agents the contract asks for on a day."""
    return round(FIRST_SEATS + growth(day) * (LAST_SEATS - FIRST_SEATS))

"""What training costs, and how much of it left with those who left."""

from dashboards.formats import number
from dashboards.money import money
from dashboards.tables import Column, Table
from dashboards.view import Figure, View

YEAR = "rolling_365"


def training(view: View) -> Figure:
    """The 365 days to the last one in a sentence, and the months as a table."""
    texts, words = view.words["team"], view.words
    rows = view.marts.training.filter(grain="month").sort("period_end", descending=True).to_dicts()
    if not any(row["cost"] for row in rows):
        return Figure("training", texts["training"], empty=texts["no_training"])
    currency = str(rows[0]["currency"])
    year = view.marts.training.filter(grain=YEAR).sort("period_end").to_dicts()
    lead = None
    if year and year[-1]["cost_to_replace"] is not None:
        lead = texts["training_lead"].format(
            cost=money(year[-1]["cost"], currency, words),
            sunk=money(year[-1]["sunk_cost"], currency, words),
            one=money(year[-1]["cost_to_replace"], currency, words),
            hours=number(year[-1]["hours_to_replace"] or 0, 0, words),
        )
    columns = [
        Column(words["period_headings"]["month"], "period:month", ("period_start", "period_end")),
        Column(texts["training_hours"], "count", ("hours",)),
        Column(texts["training_cost"], currency, ("cost",)),
        Column(texts["sunk_cost"], currency, ("sunk_cost",)),
    ]
    return Figure(
        name="training",
        title=texts["training"],
        lead=lead,
        table=Table("training", texts["training"], columns, rows),
    )

"""Charts as SVG: every mark at its place, and the charts of a page told apart."""

import itertools
import re

import pytest

from dashboards.charts.canvas import Area, Dot, Drawing, Label, Rule, Vertex, svgs
from dashboards.charts.frame import end_labels, spread


def drawing(**changed: object) -> Drawing:
    """An area of 100 by 100 pixels, 10 from the left and 5 from the top, for 0 to 10 each way."""
    given: dict[str, object] = {
        "width": 130,
        "height": 110,
        "margins": (10.0, 20.0, 5.0, 5.0),
        "x_domain": (0.0, 10.0),
        "y_domain": (0.0, 10.0),
        "description": "a chart",
    }
    return Drawing(**given | changed)  # type: ignore[arg-type]


def test_every_mark_stands_at_its_place_and_high_values_above() -> None:
    (svg,) = svgs(
        [
            drawing(
                areas=[Area(0, 2, 0, 5, "grey")],
                rules=[Rule(0, 10, 8, 8, "black")],
                lines=[Vertex("a", 5, 10, "red"), Vertex("a", 0, 0, "red")],
                dots=[Dot(10, 10), Dot(0, 0)],
                labels=[Label(0, 10, ("top",))],
            )
        ]
    )
    assert svg.startswith(
        '<svg class="chart" viewBox="0 0 130 110" role="img" aria-label="a chart">'
    )
    assert '<g fill="none" transform="translate(10,5)">' in svg
    assert 'd="M0,20h100"' in svg, "the rule, 8 of 10 up"
    assert 'd="M0,50h20v50h-20Z"' in svg, "the area"
    assert 'd="M0,100L50,0"' in svg, "the line, in the order of its places"
    assert re.findall(r'cx="(\d+)" cy="(\d+)"', svg) == [("100", "0"), ("0", "100")]
    assert "translate(0,0)" not in svg
    assert ">top</text>" in svg


def test_charts_drawn_together_are_those_drawn_alone() -> None:
    charts = [
        drawing(dots=[Dot(1, 1)], labels=[Label(0, 0, ("one",))], description="first"),
        drawing(
            width=230,
            lines=[Vertex(name, x, 5, "red") for name in ("a", "b") for x in (0.0, 10.0)],
            labels=[Label(0, 0, ("two",)), Label(5, 5, ("three", "lines"))],
            description="second",
        ),
        drawing(lines=[Vertex("a", x, 2, "red") for x in (0.0, 10.0)], description="third"),
        drawing(description="empty"),
    ]
    together = svgs(charts)
    assert together == [svgs([chart])[0] for chart in charts]
    assert [re.findall('aria-label="(.*?)"', svg) for svg in together] == [
        ["first"],
        ["second"],
        ["third"],
        ["empty"],
    ]
    assert svgs([]) == []


def test_texts_keep_their_digits_and_places_lose_them() -> None:
    (svg,) = svgs([drawing(labels=[Label(1 / 3, 1 / 3, ("14.00 to 14.125",))])])
    assert "14.00 to 14.125" in svg
    assert 'x="3.3" y="99.7"' in svg, "three pixels down to its base line"


def test_marks_that_look_alike_are_said_together() -> None:
    """Two triangles are one path, a rule between them ends it; labels are sorted by their style."""
    up = [Dot(x, 5, shape="triangle-up", size=16) for x in (2, 4)]
    labels = [Label(0, y, (str(y),), fill=fill) for y in range(3) for fill in ("red", "blue")]
    upright = [Rule(5, 5, 0, 10, "black"), Rule(6, 6, 0, 10, "black"), Rule(0, 10, 0, 10, "grey")]
    (svg,) = svgs([drawing(dots=[*up, Dot(6, 5), up[0]], labels=labels, rules=upright)])
    paths = re.findall(r' d="(.*?)"', svg)
    assert paths[0] == "M50,100v-100M60,100v-100"
    assert paths[1] == "M0,100l100,-100"
    assert [re.findall(r"M([\d.]+),", path) for path in paths[2:]] == [["20", "40"], ["20"]]
    assert re.findall(">(\\d)</text>", svg) == ["0", "1", "2"] * 2
    assert svg.count("red") == svg.count("blue") == 1


def test_text_from_data_is_never_markup() -> None:
    (svg,) = svgs([drawing(labels=[Label(0, 0, ("</text><script>",))], description='"><script>')])
    assert "<script" not in svg


def test_labels_at_the_ends_of_lines_do_not_overlap() -> None:
    assert spread([10.0, 10.0, 50.0], 12.0) == pytest.approx([4.0, 16.0, 50.0])
    texts = [(0.8, "target", "black"), (0.81, "mean", "grey"), (0.2, "low", "grey")]
    labels = end_labels(texts, 1.0, (0.0, 1.0), 200.0)
    places = sorted(label.dy - label.y * 200.0 for label in labels)
    assert all(after - before >= 12.99 for before, after in itertools.pairwise(places))

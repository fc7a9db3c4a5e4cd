"""What Vega writes, reduced to what is seen: a third of the bytes, fit to stand in a page."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from itertools import groupby

from dashboards.charts.shapes import Element, joined, shorten, written

# What Vega calls the groups of marks, and what we call their layers.
MARKS = {
    "mark-rule": "rules",
    "mark-rect": "areas",
    "mark-line": "lines",
    "mark-symbol": "dots",
    "mark-text": "labels",
}
# Said by the page (font), by the label of the whole (roles), or the default anyway.
UNSEEN = {"class", "role", "font-family", "pointer-events", "stroke-miterlimit"}
INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size")
DEFAULTS = {
    "opacity": "1",
    "stroke-width": "1",
    "stroke-dasharray": "1,0",
    "transform": "translate(0,0)",
    "y2": "0",
    "x2": "0",
}
PLACES = {"d", "transform", "x", "x2", "y", "y2", "stroke-width"}
FRACTION = re.compile(r"-?\d+\.\d+(e-\d+)?")
LEAST_RUN = 3  # elements in a row with the same style: from here on a group is shorter


def elements_of(svg: str) -> dict[str, list[Element]]:
    """What Vega drew, by layer, in the order of its rows; of a line, its path."""
    root = ElementTree.fromstring(re.sub(r' xmlns(:\w+)?="[^"]*"', "", svg))
    found: dict[str, list[Element]] = {layer: [] for layer in MARKS.values()}
    for group in root.iter("g"):
        for mark, layer in MARKS.items():
            if f" {mark} " in f" {group.get('class', '')} ":
                found[layer] += list(group)
    return found


def framed(
    layers: Sequence[Sequence[Element]],
    width: float,
    height: float,
    margins: tuple[float, float, float, float],
    description: str,
) -> str:
    """Layers as one picture without size (the page decides), named for who can't see it."""
    place = f"translate({margins[0]:g},{margins[2]:g})"
    frame = ElementTree.Element("g", {"fill": "none", "transform": place})
    for layer in layers:
        group = ElementTree.SubElement(frame, "g")
        group.extend(layer)
    name = {"class": "chart", "viewBox": f"0 0 {width:g} {height:g}"}
    root = ElementTree.Element("svg", name | {"role": "img", "aria-label": description})
    root.extend(_seen(frame))
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _seen(element: Element) -> list[Element]:
    """The element without ballast, its children in its place, or nothing."""
    if element.get("class") in ("background", "foreground"):
        return []
    element[:] = [seen for child in element for seen in _seen(child)]
    if element.tag != "g":
        shorten(element)
    for name, value in list(element.attrib.items()):
        if name in UNSEEN or name.startswith("aria-") or DEFAULTS.get(name) == value:
            del element.attrib[name]
        elif name in PLACES:
            element.set(name, FRACTION.sub(_rounded, value))
    element[:] = joined(element)
    _share(element)
    element[:] = [seen for child in element for seen in _bare(child)]
    return _bare(element)


def _rounded(found: re.Match[str]) -> str:
    return written(float(found[0]))


def _bare(element: Element) -> list[Element]:
    """What is left of a group that says nothing itself: its children, if any."""
    if element.tag != "g" or (element.attrib and len(element)):
        return [element]
    return list(element)


def _share(group: Element) -> None:
    """What all elements of a group say, the group says once; and so each run of like elements.

    Labels hide nothing of each other: those of one style are a run, wherever they stood.
    """
    if group.tag != "g" or not len(group):
        return
    for name in INHERITED:
        if len({element.get(name) for element in group}) == 1:
            _lift(list(group), group, name)
    if all(element.tag == "text" for element in group):
        styles = list(dict.fromkeys(map(_style, group)))
        group[:] = sorted(group, key=lambda text: styles.index(_style(text)))
    runs = [list(run) for _, run in groupby(group, key=_style)]
    group[:] = [part for run in runs for part in _gathered(run)]


def _gathered(run: list[Element]) -> list[Element]:
    """The elements in a group of their own that says their style, if that is shorter."""
    if len(run) < LEAST_RUN or not any(_style(run[0])):
        return run
    group = ElementTree.Element("g")
    for name in INHERITED:
        _lift(run, group, name)
    group.extend(run)
    return [group]


def _lift(run: list[Element], group: Element, name: str) -> None:
    value = run[0].get(name)
    if value is not None:
        group.set(name, value)
        for element in run:
            del element.attrib[name]


def _style(element: Element) -> tuple[str | None, ...]:
    return tuple(element.get(name) for name in INHERITED)

"""What Vega writes, reduced to what is seen: a third of the bytes, fit to stand in a page."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import groupby

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
PLACE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")


def tidy(svg: str, description: str) -> str:
    """The same picture without size (the page decides) and with a name for who can't see it."""
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"', "", svg)
    root = ElementTree.fromstring(svg)
    view = root.get("viewBox", "")
    root[:] = [seen for child in root for seen in _seen(child)]
    root.attrib.clear()
    root.attrib |= {"class": "chart", "viewBox": view, "role": "img", "aria-label": description}
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _seen(element: ElementTree.Element) -> list[ElementTree.Element]:
    """The element without ballast, its children in its place, or nothing."""
    if element.get("class") in ("background", "foreground"):
        return []
    element[:] = [seen for child in element for seen in _seen(child)]
    for name, value in list(element.attrib.items()):
        if name in UNSEEN or name.startswith("aria-") or DEFAULTS.get(name) == value:
            del element.attrib[name]
        elif name in PLACES:
            element.set(name, FRACTION.sub(_rounded, value))
    _shorten_circle(element)
    _share(element)
    element[:] = [seen for child in element for seen in _bare(child)]
    return _bare(element)


def _rounded(found: re.Match[str]) -> str:
    """A tenth of a pixel is seen by nobody."""
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _bare(element: ElementTree.Element) -> list[ElementTree.Element]:
    """What is left of a group that says nothing itself: its children, if any."""
    if element.tag != "g" or (element.attrib and len(element)):
        return [element]
    return list(element)


def _shorten_circle(symbol: ElementTree.Element) -> None:
    """Vega draws a dot as a path of two arcs, moved to its place."""
    path = CIRCLE.fullmatch(symbol.get("d", ""))
    place = PLACE.fullmatch(symbol.get("transform", "translate(0,0)"))
    if symbol.tag == "path" and path and place:
        symbol.tag = "circle"
        del symbol.attrib["d"]
        symbol.attrib.pop("transform", None)
        symbol.attrib |= {"cx": place[1], "cy": place[2], "r": path[1]}


def _share(group: ElementTree.Element) -> None:
    """What all elements of a group say, the group says once; and so each run of like elements."""
    if group.tag != "g" or not len(group):
        return
    runs = [list(run) for _, run in groupby(group, key=_style)]
    if len(runs) == 1:
        _lift(runs[0], group)
        return
    group[:] = [part for run in runs for part in _gathered(run)]


def _gathered(run: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """The elements in a group of their own that says their style, if that is shorter."""
    if len(run) < LEAST_RUN or not any(_style(run[0])):
        return run
    group = ElementTree.Element("g")
    _lift(run, group)
    group.extend(run)
    return [group]


def _lift(run: list[ElementTree.Element], group: ElementTree.Element) -> None:
    for name in INHERITED:
        value = run[0].get(name)
        if value is not None:
            group.set(name, value)
            for element in run:
                del element.attrib[name]


def _style(element: ElementTree.Element) -> tuple[str | None, ...]:
    return tuple(element.get(name) for name in INHERITED)

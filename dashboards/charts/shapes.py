"""Marks as Vega writes them, each moved to its place, in the fewest signs that draw the same."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from itertools import groupby

Element = ElementTree.Element
PLACE = re.compile(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
CORNERS = re.compile(r"M(-?[\d.e-]+,-?[\d.e-]+)((?:L-?[\d.e-]+,-?[\d.e-]+)+)Z")


def shorten(mark: Element) -> None:
    """Say where a mark is in its own coordinates, if that takes fewer signs than moving it."""
    moved = PLACE.fullmatch(mark.get("transform", "translate(0,0)"))
    if moved is None or len(mark):
        return
    x, y = float(moved[1]), float(moved[2])
    if mark.tag == "text":
        mark.attrib |= {"x": written(x), "y": written(y)}
    elif mark.tag == "line":
        mark.tag = "path"
        mark.set("d", f"M{point(x, y)}{_stroke(mark.attrib)}")
    elif mark.tag == "path" and (circle := CIRCLE.fullmatch(mark.get("d", ""))):
        mark.tag = "circle"
        del mark.attrib["d"]
        mark.attrib |= {"cx": written(x), "cy": written(y), "r": written(float(circle[1]))}
    elif mark.tag == "path" and (corners := CORNERS.fullmatch(mark.get("d", ""))):
        mark.set("d", _polygon(x, y, corners[1] + corners[2]))
    else:
        return
    mark.attrib.pop("transform", None)


def written(pixels: float) -> str:
    """A place; a tenth of a pixel is seen by nobody."""
    return f"{round(pixels, 1) + 0.0:.1f}".removesuffix(".0")


def point(x: float, y: float) -> str:
    """A place on both axes."""
    return f"{written(x)},{written(y)}"


def joined(marks: Iterable[Element]) -> list[Element]:
    """The marks, paths that follow each other and look alike made one."""
    together: list[Element] = []
    for (tag, _), run in groupby(marks, key=lambda mark: (mark.tag, _look(mark))):
        first, *others = run
        if tag == "path" and others:
            first.set("d", "".join(path.get("d", "") for path in (first, *others)))
            others = []
        together += [first, *others]
    return together


def _look(mark: Element) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in mark.attrib.items() if name != "d")


def _stroke(ends: dict[str, str]) -> str:
    """From the beginning of a line to its end, of which the attributes are taken away."""
    across, up = (float(ends.pop(name, "0")) for name in ("x2", "y2"))
    if not up:
        return f"h{written(across)}"
    return f"l{point(across, up)}" if across else f"v{written(up)}"


def _polygon(x: float, y: float, corners: str) -> str:
    places = [[float(part) for part in corner.split(",")] for corner in corners.split("L")]
    first, *others = ((x + across, y + up) for across, up in places)
    steps, (x, y) = [f"M{point(*first)}"], first
    for corner in others:
        steps.append(f"l{point(corner[0] - x, corner[1] - y)}")
        x, y = corner
    return "".join([*steps, "Z"])

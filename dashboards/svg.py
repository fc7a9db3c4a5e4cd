"""What Vega writes, reduced to what is seen: a third of the bytes, fit to stand in a page."""

import re
import xml.etree.ElementTree as ElementTree

# Said by the page (font), by the label of the whole (roles), or the default anyway.
UNSEEN = {"class", "role", "font-family", "pointer-events", "stroke-miterlimit"}
INHERITED = ("fill", "stroke", "stroke-width", "text-anchor", "font-size")
DEFAULTS = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}


def tidy(svg: str, description: str) -> str:
    """The same picture without size (the page decides) and with a name for who can't see it."""
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r"-?\d+\.\d{2,}(e-\d+)?", lambda found: f"{float(found[0]):.1f}", svg)
    root = ElementTree.fromstring(svg)
    view = root.get("viewBox", "")
    root[:] = [seen for child in root for seen in _seen(child)]
    root.attrib.clear()
    root.attrib |= {"class": "chart", "viewBox": view, "role": "img", "aria-label": description}
    return ElementTree.tostring(root, encoding="unicode")


def _seen(element: ElementTree.Element) -> list[ElementTree.Element]:
    """The element without ballast, its children in its place, or nothing."""
    if element.get("class") in ("background", "foreground"):
        return []
    element[:] = [seen for child in element for seen in _seen(child)]
    for name, value in list(element.attrib.items()):
        if name in UNSEEN or name.startswith("aria-") or DEFAULTS.get(name) == value:
            del element.attrib[name]
    _share(element)
    if element.tag == "g" and not element.attrib:
        return list(element)
    return [] if element.tag == "g" and not len(element) else [element]


def _share(group: ElementTree.Element) -> None:
    """What all elements of a group say, the group says once."""
    for name in INHERITED:
        values = {child.get(name) for child in group}
        if group.tag == "g" and len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for child in group:
                del child.attrib[name]

"""A line the size of a word: thirteen weeks at a glance, for a tile.

Written by hand: a page has many, and a chart's machinery would take longer than all its charts.
"""

from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 120, 32, 4


def spark_svg(values: Sequence[float | None], target: float | None, description: str) -> str:
    """The values from left to right, the newest as a dot; the target, if any, as a dark line.

    A period without figure (None) leaves a gap.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    places = known + ([] if target is None else [target])
    low, span = min(places), (max(places) - min(places)) or 1.0

    def y(value: float) -> str:
        return f"{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / span:.1f}"

    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        None if value is None else f"{EDGE + number * step:.1f} {y(value)}"
        for number, value in enumerate(values)
    ]
    path = ""
    for before, point in zip([None, *points], points, strict=False):
        if point is not None:
            path += f"{'L' if before is not None else 'M'}{point}"
    line = "" if target is None else f'<path class="spark-target" d="M0 {y(target)}H{WIDTH}"/>'
    end = next(point for point in reversed(points) if point is not None).split()
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{description}">'
        f'{line}<path class="spark-line" d="{path}"/>'
        f'<circle class="spark-end" cx="{end[0]}" cy="{end[1]}" r="2.5"/></svg>'
    )

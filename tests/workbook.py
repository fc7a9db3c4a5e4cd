"""Workbooks (XLSX) of a few cells, for tests: written by hand, as no writer is among our packages."""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
# The numbers that Excel has for its own formats.
GENERAL, DAY, TIME_OF_DAY, DAY_AND_TIME, ELAPSED = 0, 14, 21, 22, 46
FORMATS = (GENERAL, DAY, TIME_OF_DAY, DAY_AND_TIME, ELAPSED)


@dataclass(frozen=True)
class Shown:
    """A number of days shown as a day, a time or a duration."""

    number: float
    as_format: int


Cell = str | float | bool | Shown | None


def workbook(**sheets: list[list[Cell]]) -> bytes:
    """A workbook with these sheets; None is a cell that is not there."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relationships(["xl/workbook.xml"], ["officeDocument"]))
        archive.writestr("xl/workbook.xml", _book(list(sheets)))
        targets = [f"worksheets/sheet{n}.xml" for n, _ in enumerate(sheets, 1)]
        kinds = ["worksheet"] * len(sheets) + ["styles"]
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _relationships([*targets, "styles.xml"], kinds)
        )
        styles = "".join(f'<xf numFmtId="{number}"/>' for number in FORMATS)
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs>{styles}</cellXfs></styleSheet>',
        )
        for target, rows in zip(targets, sheets.values(), strict=True):
            archive.writestr(f"xl/{target}", _sheet(rows))
    return written.getvalue()


def _book(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    return (
        f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONSHIP}">'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relationships(targets: list[str], kinds: list[str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONSHIP}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(zip(targets, kinds, strict=True), 1)
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{entries}</Relationships>'


def _sheet(rows: list[list[Cell]]) -> str:
    written = "".join(
        f'<row r="{n}">{"".join(_cell(f"{chr(65 + c)}{n}", v) for c, v in enumerate(row))}</row>'
        for n, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{written}</sheetData></worksheet>'


def _cell(place: str, value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Shown):
        style = FORMATS.index(value.as_format)
        return f'<c r="{place}" s="{style}"><v>{value.number!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'

"""The pages from a server: the same `render` as the night's, with filters, CSV and a lock.

Every request resolves the link of the marts once, so that a page opened while the night runs shows
last night's figures, complete. Nothing is written and nothing is fetched from elsewhere.
"""

import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from dashboards.access import Access, Gate
from dashboards.closed_headers import Closed
from dashboards.filters import Filters, filters_from
from dashboards.formats import load_words
from dashboards.marts import read_marts
from dashboards.page_names import PAGES
from dashboards.render import Reader, page_tables, render, render_fault, render_listing
from dashboards.tables import as_csv
from warehouse.errors import ConfigurationError

KEPT_NIGHTS, KEPT_PAGES = 2, 128
ENTRY = "index"
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Served:
    """What there is to serve: the link to the marts, the language, and folders by their name."""

    marts: Path
    language: str
    folders: Mapping[str, Path]


def application(served: Served, access: Access, hosts: tuple[str, ...]) -> Starlette:
    """The server as an ASGI application; `hosts` are the names under which it answers."""
    views = _Views(served, access)
    routes = [
        Route("/", views.page),
        Route("/{page}.html", views.page),
        Route("/{page}.csv", views.csv),
        Route("/{folder}/", views.listing),
        Route("/{folder}/{path:path}", views.file),
    ]
    middleware = [
        Middleware(Closed),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(GZipMiddleware, minimum_size=1000),
    ]
    handlers = {HTTPException: views.fault}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)


# A file of a folder brings styles of its own; it gets no more than that, and no scripts.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class _Views:
    """The answers. Each is made in a thread of its own: reading and drawing take their time."""

    def __init__(self, served: Served, access: Access) -> None:
        self._served, self._access, self._gate = served, access, Gate(access)
        self._words = load_words(served.language)
        self._nights = lru_cache(maxsize=KEPT_NIGHTS)(read_marts)
        self._pages = lru_cache(maxsize=KEPT_PAGES)(self._rendered)

    def page(self, request: Request) -> Response:
        reader = self._reader(request)
        name = request.path_params.get("page", reader.pages[0] if reader.pages else ENTRY)
        self._permit(name, PAGES, reader.pages)
        filters = self._filters(request)
        html = self._fresh(lambda folder: self._pages(name, filters, folder, reader))
        return HTMLResponse(html)

    def csv(self, request: Request) -> Response:
        reader, name = self._reader(request), request.path_params["page"]
        self._permit(name, PAGES, reader.pages)
        marts = self._nights(self._folder())
        tables = page_tables(name, self._filters(request), marts, self._served.language)
        wanted = request.query_params.get("table", "")
        if wanted not in tables:
            raise HTTPException(
                404, f"There is no table {wanted!r}; there are {', '.join(tables)}."
            )
        file = f"{name}-{wanted}-{marts.as_of}.csv"
        disposition = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(
            as_csv(tables[wanted], self._words),
            media_type="text/csv; charset=utf-8",
            headers=disposition,
        )

    def listing(self, request: Request) -> Response:
        reader, name = self._reader(request), request.path_params["folder"]
        self._permit(name, self._served.folders, reader.folders)
        folder = self._served.folders[name]
        files = sorted((path.name for path in folder.glob("[!.]*") if path.is_file()), reverse=True)
        language = self._served.language
        html = self._fresh(
            lambda at: render_listing(name, files, self._nights(at), language, reader)
        )
        return HTMLResponse(html)

    def file(self, request: Request) -> Response:
        reader, name = self._reader(request), request.path_params["folder"]
        self._permit(name, self._served.folders, reader.folders)
        path = _inside(self._served.folders[name], request.path_params["path"])
        if path is None:
            raise HTTPException(404, self._say("unknown_file"))
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(
            path, media_type=kind, headers={"Content-Security-Policy": _FILE_POLICY}
        )

    def fault(self, request: Request, fault: Exception) -> Response:
        """One or more sentences, in the reader's language where they are ours."""
        if not isinstance(fault, HTTPException):
            raise fault
        html = render_fault(fault.detail.splitlines(), self._served.language)
        return HTMLResponse(html, fault.status_code, fault.headers)

    def _reader(self, request: Request) -> Reader:
        """Who asks, as far as it matters.

        Raises HTTPException 401 for somebody unknown.
        """
        role = self._gate.role(request.headers, request.client.host if request.client else None)
        if role is None:
            challenge = {"WWW-Authenticate": 'Basic realm="qos", charset="UTF-8"'}
            raise HTTPException(401, self._say("password"), headers=challenge)
        seen = self._access.roles[role]
        return Reader(
            pages=tuple(page for page in PAGES if page in seen),
            folders=tuple(name for name in self._served.folders if name in seen),
            is_served=True,
        )

    def _permit(self, name: str, known: Iterable[str], allowed: tuple[str, ...]) -> None:
        """What is not there is 404 for all, what is there and not for this role 403."""
        if name not in known:
            raise HTTPException(404, self._say("unknown"))
        if name not in allowed:
            raise HTTPException(403, self._say("forbidden"))

    def _filters(self, request: Request) -> Filters:
        try:
            return filters_from(request.query_params.multi_items(), self._words)
        except ConfigurationError as error:
            raise HTTPException(400, "\n".join(error.faults)) from None

    def _say(self, key: str) -> str:
        return str(self._words["fault"][key])

    def _fresh(self, draw: Callable[[Path], Drawn]) -> Drawn:
        """Drawn from the marts in use; once more if two nights ended while we drew.

        Raises HTTPException 503 if they are those of another version of the program.
        """
        try:
            return draw(self._folder())
        except FileNotFoundError:
            return draw(self._folder())
        except ConfigurationError as error:
            raise HTTPException(503, "\n".join(error.faults)) from None

    def _folder(self) -> Path:
        folder = self._served.marts.resolve()
        if not folder.is_dir():
            raise HTTPException(503, self._say("nothing_yet"))
        return folder

    def _rendered(self, page: str, filters: Filters, folder: Path, reader: Reader) -> str:
        return render(page, filters, self._nights(folder), self._served.language, reader)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, which no name and no link leads out of; or None."""
    home = folder.resolve()
    try:
        path = (home / name).resolve()
        is_there = path.is_file()
    except (OSError, ValueError):
        return None
    is_open = path.is_relative_to(home) and not path.name.startswith(".")
    return path if is_there and is_open else None

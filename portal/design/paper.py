"""HTML to tagged PDF. Nothing is fetched that is not handed over here: no network, no file of this machine (NET-01, NET-02)."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

STYLES = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")  # of the workspace's documents
VARIANT = "pdf/ua-1"
LEAST = 70  # of WeasyPrint: from this version on one fetcher serves style sheets, pictures and attachments alike
ASSET = "asset:"  # "asset:mark.svg" is the asset called mark.svg
Assets = Mapping[str, tuple[bytes, str]]  # name → content and media type


def rendered(html: str, *, styles: str = "", assets: Assets | None = None) -> Any:
    """``html`` laid out on pages, with the style sheet ``styles``. Only what ``assets`` holds can be referred to.

    Returns WeasyPrint's document: it knows its ``pages`` and ``write_pdf``. Raises ``RuntimeError`` with an older WeasyPrint, and
    WeasyPrint's own ``FatalURLFetchingError`` for an address that is no asset.
    """
    from weasyprint import CSS, HTML  # needs Pango on the machine: whoever only serves pages does without it

    if int(version("weasyprint").split(".")[0]) < LEAST:
        raise RuntimeError(f"WeasyPrint {LEAST} or newer is needed: older ones fetch addresses past our fetcher")
    fetcher = only(assets or {})
    sheets = [CSS(string=styles, url_fetcher=fetcher)] if styles else []
    return HTML(string=html, url_fetcher=fetcher).render(stylesheets=sheets, pdf_variant=VARIANT)


def pressed(html: str, *, styles: str = "", assets: Assets | None = None) -> bytes:
    """``html`` as a tagged PDF, titled and in the language that its root says."""
    content: bytes = rendered(html, styles=styles, assets=assets).write_pdf(pdf_variant=VARIANT)
    return content


def only(assets: Assets) -> Any:
    """A fetcher that knows these assets and refuses every other address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # as above

    class Only(URLFetcher):
        """Serves a table in memory."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            found = assets.get(url.removeprefix(ASSET)) if url.startswith(ASSET) else None
            if found is None:
                raise FatalURLFetchingError(f"a document refers to {url[:200]}")
            return URLFetcherResponse(url, found[0], {"Content-Type": found[1]})

    return Only()

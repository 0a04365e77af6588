"""Pictures of a report: taken from the store, proven to be those that were frozen, and made as small as a page needs."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PIL import Image

from standards.evidence import store
from standards.inspections.models import Photo
from standards.reports.exports.content import Document, Picture

LONGEST = 1400  # pixels of the longer side: 16 cm on paper at 220 to the inch
QUALITY = 82
MEDIA_TYPE = "image/jpeg"


def loaded(document: Document, tell: Callable[[float], None] = lambda share: None) -> Document:
    """``document`` with the content of its pictures: ``None`` for one that is lost or altered. Tells how far it is, from 0 to 1."""
    ids = [picture.id for picture in document.pictures]
    names = dict(Photo.objects.filter(pk__in=ids).values_list("pk", "stored_name"))
    found = []
    for at, picture in enumerate(document.pictures, 1):
        found.append(replace(picture, content=_small(picture, names.get(UUID(picture.id)))))
        tell(at / len(ids))
    return replace(document, pictures=tuple(found))


def _small(picture: Picture, name: UUID | None) -> bytes | None:
    """A JPEG of at most ``LONGEST`` pixels."""
    if name is None:
        return None
    try:
        with store.opened(name) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        return None
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is read at half or a quarter of its size at once
        image.thumbnail((LONGEST, LONGEST))
        _on_white(image).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency: paper is white."""
    if image.mode in ("RGB", "L"):
        return image
    shaded = image.convert("RGBA")
    page = Image.new("RGB", shaded.size, "white")
    page.paste(shaded, mask=shaded)
    return page

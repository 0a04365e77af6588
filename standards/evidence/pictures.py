"""Pictures are drawn anew: the pixels of the first frame, upright, and nothing else of what arrived. Pure.

Where a photograph was taken, on which telephone, and whatever somebody hid behind the picture stays outside.
"""

import io
import struct
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from standards.evidence.refusal import Refused

MOST_PIXELS = 25_000_000
FORMATS = {"jpg": "JPEG", "png": "PNG"}
BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error, EOFError, OverflowError, ZeroDivisionError)


def drawn_anew(file: BinaryIO, kind: str) -> io.BytesIO:
    """The picture as a new file of its kind (``jpg`` or ``png``). Raises ``Refused``; the size is read before any pixel."""
    file.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, lets broken pictures pass in the whole process
    if kind == "png":
        _check_png_header(file)
    try:
        with Image.open(file, formats=(FORMATS[kind],)) as picture:
            width, height = picture.size
            if width < 1 or height < 1 or width * height > MOST_PIXELS:
                raise Refused("pixels")
            picture.load()
            upright = _upright(picture)
            return _saved(upright, kind)
    except Image.DecompressionBombError as wrong:
        raise Refused("pixels") from wrong
    except (UnidentifiedImageError, *BROKEN) as wrong:
        raise Refused("broken") from wrong


def _check_png_header(file: BinaryIO) -> None:
    """Width and height stand in bytes 16 to 24: nothing is unpacked to know them."""
    header = file.read(24)
    file.seek(0)
    if len(header) < 24 or header[12:16] != b"IHDR":
        raise Refused("broken")
    width, height = struct.unpack(">LL", header[16:24])
    if width * height > MOST_PIXELS:
        raise Refused("pixels")


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera says. A camera that says nonsense is not believed."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def _saved(picture: Image.Image, kind: str) -> io.BytesIO:
    has_shade = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if kind == "png" and has_shade else "L" if picture.mode in {"1", "L"} else "RGB"
    pixels = picture.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)  # pixels only: no comment, profile, text or place comes along
    out = io.BytesIO()
    if kind == "jpg":
        clean.save(out, "JPEG", quality=88)
    else:
        clean.save(out, "PNG", compress_level=6)
    out.seek(0)
    return out

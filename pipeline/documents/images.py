"""Documents: image files (PNG, JPEG, TIFF with its pages), read where the extra for that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.ocr import INSTALL, engine_name
from pipeline.documents.pdf_furniture import without_furniture
from pipeline.documents.pdf_lines import Character
from pipeline.documents.pdf_output import written
from pipeline.documents.scan_doubt import SMALL
from pipeline.documents.sureness import with_confidences

_BROKEN = (OSError, SyntaxError, ValueError)
"""What Pillow raises for the bytes of an image that it cannot read."""


def read_image(path: Path, data: bytes, limits: Limits, tick: Callable[[], None]) -> Canonical:
    """The canonical text of an image file; each of its frames is a page.

    Raises:
        DocumentError: nothing that reads pictures is installed, or the image is broken, too large or has too many pages.
    """
    engine = engine_name()
    if engine is None:
        raise DocumentError(
            path,
            "is an image, and no text can be read from it",
            f"{INSTALL} and run again, or supply the report's text",
        )
    from pipeline.documents.scan_pages import read_scan  # noqa: PLC0415 - needs the extra, and is slow to load
    from pipeline.documents.scan_pictures import MOST_PIXELS, frames  # noqa: PLC0415

    characters: dict[str, list[Character]] = {}
    pages = []
    dropped = small = 0
    try:
        for number, (picture, points) in enumerate(frames(data), start=1):
            if number > limits.pages:
                raise DocumentError(
                    path, f"has more pages than the limit of {limits.pages:,}", "split it or raise max_pages"
                )
            scan = read_scan(picture, points, number, points)
            pages.append(scan.content)
            characters[str(number)] = scan.characters
            dropped += scan.dropped
            small += scan.small
            tick()
    except Image.DecompressionBombError as error:
        raise DocumentError(
            path, f"is an image of more than {MOST_PIXELS:,} pixels", "save it smaller and run again"
        ) from error
    except _BROKEN as error:
        unknown = isinstance(error, UnidentifiedImageError)
        reason = "not what it begins as" if unknown else (str(error).splitlines() or [""])[0][:120]
        raise DocumentError(path, f"is a broken image ({reason})", "get the file anew") from error
    remarks = [f"{len(pages)} pages were read off their pictures by {engine}"]
    if dropped:
        remarks.append(f"{dropped} lines of images are too uncertain to be text, and are left out")
    if small:
        remarks.append(SMALL.format(small))
    return with_confidences(written(without_furniture(pages), remarks), characters, engine, limits.sure)

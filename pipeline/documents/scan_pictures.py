"""Documents: the pictures of pages: those that a PDF shows, and image files."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from math import sqrt

import numpy as np
import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from pipeline.documents.scan_image import Picture

RESOLUTION = 200
"""Pixels an inch at which the pages of a PDF are read."""
_POINTS = 72
_LONGEST = 842
"""Points of the longer side of an A4 page, which an image file is taken for: what it says of its own size is often wrong."""
_PIXELS = 16_000_000
"""Pixels of a picture above which it is made smaller; twice those of an A4 page at 300 an inch."""


MOST_PIXELS = 80_000_000
"""Pixels of an image file above which it is not unpacked: those of an A4 page at 900 an inch."""


def rendered(data: bytes, number: int) -> tuple[Picture, float]:
    """A page of a PDF, by its number from 1, as it is shown: its picture in grey values, and the points of a pixel."""
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(RESOLUTION / _POINTS, sqrt(_PIXELS / max(1.0, width * height)))
        return np.ascontiguousarray(page.render(scale=scale, grayscale=True).to_numpy().squeeze()), 1 / scale


def frames(data: bytes) -> Iterator[tuple[Picture, float]]:
    """The pages of an image file, as a camera that was held upright sees them: the picture of each in grey values, and the
    points of a pixel.

    Raises:
        Image.DecompressionBombError: one has more than ``MOST_PIXELS``.
        OSError, SyntaxError, ValueError: the file is broken.
    """
    with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data)) as image:
        for frame in ImageSequence.Iterator(image):
            if frame.width * frame.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(frame)
            flat = Image.new("RGBA", upright.size, "white")
            flat.alpha_composite(upright.convert("RGBA"))
            grey = flat.convert("L")
            if grey.width * grey.height > _PIXELS:
                share = sqrt(_PIXELS / (grey.width * grey.height))
                grey.thumbnail((grey.width * share, grey.height * share))
            yield np.asarray(grey), _LONGEST / max(grey.size)

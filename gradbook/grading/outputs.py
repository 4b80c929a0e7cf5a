"""What cells showed, on its way into a notebook that people open: text, and pictures that are nothing but pictures.

The submission's process cuts its outputs short already; but that is its own word, so they are measured again here.
"""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from ..sandbox.guest.text import plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

MAX_OUTPUTS = 200  # of a cell
MAX_TEXT = 200_000  # characters of a notebook, tracebacks included
MAX_PICTURES = 8 << 20  # bytes of a notebook
MAX_PIXELS = 40_000_000  # of a picture
SIGNATURE, KEPT = b"\x89PNG\r\n\x1a\n", (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


class Room:
    """How much a notebook may still show."""

    def __init__(self) -> None:
        self.text, self.pictures = MAX_TEXT, MAX_PICTURES

    def clean(self, outputs: list[Any]) -> list[NotebookNode]:
        """A cell's outputs from the sandbox, as outputs that can do nothing."""
        from nbformat import from_dict

        cleaned = [self._clean(output) for output in outputs[:MAX_OUTPUTS] if type(output) is dict]
        return [from_dict(output) for output in cleaned if output]

    def _clean(self, output: dict[str, Any]) -> dict[str, Any] | None:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return {"output_type": kind, "name": name, "text": self._string(output.get("text"))}
        if kind == "error":
            lines = output.get("traceback")
            lines = [self._string(line, 2000) for line in lines[:200]] if type(lines) is list else []
            name, value = self._string(output.get("ename"), 200), self._string(output.get("evalue"), 2000)
            return {"output_type": kind, "ename": name, "evalue": value, "traceback": lines}
        if kind in ("display_data", "execute_result"):
            data = self._data(output.get("data"))
            count = {"execution_count": None} if kind == "execute_result" else {}
            return {"output_type": kind, "data": data, "metadata": {}, **count} if data else None
        return None

    def _data(self, data: Any) -> dict[str, str]:
        data = data if type(data) is dict else {}
        kept: dict[str, str] = {}
        if type(data.get("text/plain")) is str:
            kept["text/plain"] = self._string(data["text/plain"])
        picture = self._png(data.get("image/png"))
        if picture:
            kept["image/png"] = picture
        return kept

    def _string(self, value: Any, limit: int = MAX_TEXT) -> str:
        value = value[: min(limit, self.text)] if type(value) is str else ""
        self.text -= len(value)
        return plain(value, colours=True)

    def _png(self, picture: Any) -> str | None:
        """A PNG with nothing but its image, in base 64; None where it is no PNG. picture: an array of its bytes."""
        if type(picture) is not np.ndarray or picture.dtype != np.uint8 or picture.size > self.pictures:
            return None
        self.pictures -= picture.size
        data = picture.tobytes()
        if not data.startswith(SIGNATURE) or len(data) < 24:
            return None
        width, height = struct.unpack(">II", data[16:24])
        if width * height > MAX_PIXELS:
            return None
        kept, at = [data[:8]], 8
        while at + 12 <= len(data):
            (size,) = struct.unpack(">I", data[at : at + 4])
            chunk = data[at : at + 12 + size]
            if chunk[4:8] in KEPT:
                kept.append(chunk)
            at += 12 + size
        return base64.b64encode(b"".join(kept)).decode()

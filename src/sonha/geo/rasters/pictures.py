"""From drawn pixels to PNG, PNG of 256 colours or JPEG. PNG rows are not filtered: flat colours deflate better so, and much faster."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from isal import isal_zlib
from PIL import Image

LEVEL = 1  # of isal's three; a map of 512 pixels takes 1 ms against 4 ms of zlib's fastest
JPEG_QUALITY = 85
Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def encode(pixels: Pixels, form: str) -> bytes:
    """`pixels`: height x width x 4, premultiplied BGRA as cairo keeps them, or 3, RGB. `form`: png, png8 or jpeg."""
    straight = straightened(pixels)
    if form == "jpeg":
        with io.BytesIO() as file:
            Image.fromarray(np.ascontiguousarray(straight[:, :, :3])).save(file, "JPEG", quality=JPEG_QUALITY)
            return file.getvalue()
    return _palette(straight) if form == "png8" else _png(straight)


def straightened(pixels: Pixels) -> Pixels:
    """RGB where everything is opaque, else RGBA with colours not multiplied."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3]
    if alpha.min() == 255:
        return np.ascontiguousarray(pixels[:, :, 2::-1])
    straight = pixels[:, :, [2, 1, 0, 3]]
    partly = (alpha > 0) & (alpha < 255)
    if partly.any():
        some = straight[partly].astype(np.uint16)
        some[:, :3] = np.minimum((some[:, :3] * 255 + some[:, 3:] // 2) // some[:, 3:], 255)
        straight[partly] = some.astype(np.uint8)
    return straight


def _png(pixels: Pixels) -> bytes:
    return _file(pixels, 2 if pixels.shape[2] == 3 else 6)


def _palette(pixels: Pixels) -> bytes:
    picture = Image.fromarray(np.ascontiguousarray(pixels)).quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    mode = picture.palette.mode if picture.palette else "RGB"
    colours = np.frombuffer(bytes(picture.palette.palette if picture.palette else b"\0\0\0"), np.uint8).reshape(-1, len(mode))[:256]
    chunks = [_chunk(b"PLTE", np.ascontiguousarray(colours[:, :3]).tobytes())]
    if mode == "RGBA":
        chunks.append(_chunk(b"tRNS", np.ascontiguousarray(colours[:, 3]).tobytes()))
    return _file(np.asarray(picture)[:, :, None], 3, *chunks)


def _file(pixels: Pixels, colour_type: int, *chunks: bytes) -> bytes:
    """`pixels`: height x width x channels, in whatever order of memory."""
    height, width, channels = pixels.shape
    lines = np.zeros((height, width * channels + 1), np.uint8)
    np.ndarray((height, width, channels), np.uint8, lines, offset=1, strides=(lines.strides[0], channels, 1))[:] = pixels
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    body = isal_zlib.compress(lines.data, LEVEL)
    return b"".join((b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", body), _chunk(b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))

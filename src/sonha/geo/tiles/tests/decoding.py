"""A small reader of Mapbox vector tiles, written from the specification 2.1, to look into what PostGIS wrote."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass
class Read:
    id: int
    kind: int  # 1 points, 2 lines, 3 polygons
    properties: dict[str, Any]
    positions: list[tuple[int, int]]


def layers(tile: bytes) -> dict[str, list[Read]]:
    found = {}
    for number, value in _message(tile):
        if number == 3:
            name, features = _layer(value)
            found[name] = features
    return found


def _layer(data: bytes) -> tuple[str, list[Read]]:
    name, keys, values, raw = "", [], [], []
    for number, value in _message(data):
        if number == 1:
            name = value.decode()
        elif number == 2:
            raw.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(_value(value))
    return name, [_feature(each, keys, values) for each in raw]


def _feature(data: bytes, keys: list[str], values: list[Any]) -> Read:
    fields = dict(_message(data))
    tags, commands = list(_packed(fields.get(2, b""))), list(_packed(fields.get(4, b"")))
    properties = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    return Read(fields.get(1, 0), fields.get(3, 0), properties, list(_positions(commands)))


def _positions(commands: list[int]) -> Iterator[tuple[int, int]]:
    x = y = index = 0
    while index < len(commands):
        act, count = commands[index] & 7, commands[index] >> 3
        index += 1
        for _ in range(count if act in (1, 2) else 0):
            x, y = x + _signed(commands[index]), y + _signed(commands[index + 1])
            index += 2
            yield x, y


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _value(data: bytes) -> Any:
    number, value = next(_message(data))
    if number == 1:
        return value.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", value)[0]
    return _signed(value) if number == 6 else bool(value) if number == 7 else value


def _message(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        length, at = _varint(data, at) if wire == 2 else (8 if wire == 1 else 4, at)
        yield number, data[at : at + length]
        at += length


def _packed(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7

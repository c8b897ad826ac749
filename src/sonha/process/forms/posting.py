"""What a browser without scripts posts: form fields by dotted name, rows by number, places as typed coordinates."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from sonha.process.forms import schema
from sonha.process.forms.schema import MAX_REPEAT, Field, Form

MAX_GEOJSON = 400_000


def parse_post(declaration: Form | Mapping[str, Any], post: QueryDict, section: str | None = None, prefix: str = "") -> dict[str, Any]:
    """Answers as typed (strings, lists, rows), for `validate` or `storable`; nothing is judged here.

    Only the fields of `section` (default: all) that the page held are in the result, so it can be laid over the answers of other pages.
    A button `change` = `add:wells` or `remove:wells.2` is carried out on the rows. `prefix` as given to the rendering.
    """
    form = schema.load(declaration)
    fields = form.root if section is None else form.section(section).fields
    answers = _group(fields, post, f"{prefix}:" if prefix else "")
    return _with_change(answers, fields, post.get("change", ""), f"{prefix}:" if prefix else "")


def posted_files(
    declaration: Form | Mapping[str, Any], files: MultiValueDict[str, UploadedFile], section: str | None = None, prefix: str = ""
) -> list[tuple[str, UploadedFile]]:
    """The uploads of a page without scripts: (concrete path, file). The view stores them and appends the ids with `append_file`."""
    form = schema.load(declaration)
    start = f"{prefix}:" if prefix else ""
    allowed = {item.path for item in form.by_path.values() if item.type == "file" and (section is None or item.section == section)}
    found: list[tuple[str, UploadedFile]] = []
    for name in files:
        path = name.removeprefix(start).removesuffix(":file")
        if name == f"{start}{path}:file" and schema.declared(path) in allowed:
            found += [(path, upload) for upload in files.getlist(name)]
    return found


def append_file(answers: dict[str, Any], path: str, file_id: str) -> None:
    """Adds a stored file's id to the answers at a concrete path (`design`, `wells.0.photo`)."""
    holder: Any = answers
    *parents, key = path.split(".")
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, [])
    kept = holder.get(key)
    holder[key] = [*(kept if isinstance(kept, list) else [kept] if kept else []), file_id]


def _group(fields: Iterable[Field], post: QueryDict, start: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for item in fields:
        if item.type in schema.UNASKED_TYPES:
            continue
        name = start + item.key
        if item.type == "repeat":
            if f"{name}:present" in post:
                numbers = _row_numbers(name, post)[:MAX_REPEAT]
                answers[item.key] = [_group(item.fields, post, f"{name}.{number}.") for number in numbers]
        elif (raw := _raw(item, name, post)) is not None:
            answers[item.key] = raw
    return answers


def _row_numbers(name: str, post: QueryDict) -> list[int]:
    row = re.compile(re.escape(name) + r"\.([0-9]{1,4})[.:]", re.ASCII)
    return sorted({int(found[1]) for key in post if (found := row.match(key))})


def _raw(item: Field, name: str, post: QueryDict) -> Any:
    if item.type in {"checkboxes", "file"}:
        return [value for value in post.getlist(name) if value] if f"{name}:present" in post else None
    if item.type == "boolean":
        return post.get(name) == "true" if f"{name}:present" in post else None
    if item.type in schema.GEOMETRY_TYPES:
        return _place(name, post)
    return post.get(name)


def _place(name: str, post: QueryDict) -> Any:
    geojson = post.get(f"{name}:geojson", "")
    if geojson and len(geojson) <= MAX_GEOJSON:
        try:
            return json.loads(geojson)
        except (ValueError, RecursionError):
            return {"type": "unreadable"}
    parts = {part: post[f"{name}:{part}"] for part in ("crs", "x", "y", "lines") if f"{name}:{part}" in post}
    return parts or None


def _with_change(answers: dict[str, Any], fields: Iterable[Field], change: str, start: str) -> dict[str, Any]:
    act, _colon, target = change.partition(":")
    target = target.removeprefix(start)
    key, _dot, number = target.partition(".")
    item = next((item for item in fields if item.key == key and item.type == "repeat"), None)
    if item is None:
        return answers
    rows = list(answers.get(key) or [])
    if act == "add" and len(rows) < item.max_items:
        rows.append({})
    elif act == "remove" and number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]
    return {**answers, key: rows}

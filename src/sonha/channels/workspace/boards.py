"""Boards: how dossiers stand against their deadlines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sonha.channels.guards import officials_only


@officials_only()
def board(request: HttpRequest) -> HttpResponse:
    """On time, due soon and late, by agency, field, unit and officer."""
    return render(request, "workspace/board.html", {})

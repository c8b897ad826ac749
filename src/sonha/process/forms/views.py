"""The one address of its own that a form's script needs: coordinates on paper into coordinates on a map."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sonha.process.forms import shapes


@require_GET
def convert(request: HttpRequest) -> JsonResponse:
    """`?east=450.000&north=2.420.000` (VN-2000 of the province, metres) -> `{"longitude", "latitude"}`; and `?longitude=&latitude=` back.

    A public calculation without any data of its own; 422 with a sentence when the numbers are no place.
    """
    given = {name: shapes.parse_coordinate(request.GET.get(name)) for name in ("east", "north", "longitude", "latitude")}
    try:
        if given["east"] is not None and given["north"] is not None:
            longitude, latitude = shapes.to_wgs84(given["east"], given["north"])
            return JsonResponse({"longitude": longitude, "latitude": latitude})
        if given["longitude"] is not None and given["latitude"] is not None:
            east, north = shapes.to_vn2000(given["longitude"], given["latitude"])
            return JsonResponse({"east": east, "north": north})
    except ValueError:
        pass
    return JsonResponse({"error": _("Toạ độ không đọc được; cần E và N tính bằng mét theo hệ VN-2000 của tỉnh.")}, status=422)

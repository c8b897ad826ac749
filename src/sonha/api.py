"""The REST API: one OpenAPI document over the routers of the apps."""

from sonha.foundation.access.api import router as account
from sonha.foundation.rest.api import RestApi
from sonha.foundation.rest.docs import DocsPage
from sonha.foundation.rest.security import SIGNED_IN
from sonha.process.cases.api import tell_refusals
from sonha.registry.api.api import router as registers
from sonha.registry.api.described import tell_registers
from sonha.services.dossiers.api.dossiers import files
from sonha.services.dossiers.api.dossiers import router as dossiers
from sonha.services.dossiers.api.tasks import router as tasks
from sonha.services.dossiers.api.tracking import router as tracking
from sonha.services.permits.api import router as permits
from sonha.services.procedures.api import router as procedures

DESCRIPTION = """
Procedures (thủ tục hành chính), dossiers (hồ sơ), tasks (công việc), tracking, permits and registers (cơ sở dữ liệu
chuyên ngành) of the province.

Sign in with `Authorization: Bearer <token>`; tokens are made at `/tai-khoan/ma-truy-cap/`. A token for reading cannot write.
A signed-in browser may use its session cookie instead; writing then also needs the `X-CSRFToken` header.

Lists page by keyset: give `next` as `after`. Errors are problem documents (RFC 9457, `application/problem+json`) with a sentence in
Vietnamese, or in English with `Accept-Language: en`. Times are ISO 8601 in UTC, days are of Viet Nam, money is whole đồng, geometry is
GeoJSON in EPSG:4326.
"""

api = RestApi(
    title="Sơn Hà",
    version="1.0.0",
    description=DESCRIPTION.strip(),
    docs=DocsPage(),
    docs_url="/docs",
    urls_namespace="api",
    auth=SIGNED_IN,
    largest_file=50 * 1024 * 1024,
    told=tell_registers,
    openapi_extra={
        "tags": [
            {"name": "account", "description": "Who asks."},
            {"name": "procedures", "description": "The catalogue of procedures; public."},
            {"name": "dossiers", "description": "Filing and following dossiers."},
            {"name": "tasks", "description": "The work of officials, and what waits for applicants."},
            {"name": "tracking", "description": "Where a dossier stands, by its code; public."},
            {"name": "permits", "description": "What was granted."},
            {"name": "registers", "description": "Records of the specialised databases: search, history, writing, change stream."},
        ]
    },
)
tell_refusals(api)
api.add_router("/me", account)
api.add_router("/procedures", procedures)
api.add_router("/dossiers", dossiers)
api.add_router("/files", files)
api.add_router("/tasks", tasks)
api.add_router("/tracking", tracking)
api.add_router("/permits", permits)
api.add_router("/registers", registers)

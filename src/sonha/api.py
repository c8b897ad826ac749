"""The REST API: one OpenAPI document over the routers of the apps."""

from ninja import NinjaAPI

api = NinjaAPI(title="Sơn Hà", version="1.0.0", docs_url="/docs", urls_namespace="api")

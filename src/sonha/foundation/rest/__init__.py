"""What the REST API of every app is made of: sign-in, problem documents (RFC 9457), guards against hostile input, paging.

Apps declare routers in their `api.py` with these parts; `sonha.api` joins the routers. Knows no business.
"""

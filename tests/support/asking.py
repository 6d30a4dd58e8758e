"""A request for those who make bodies without an application: it knows where the site is."""

from types import SimpleNamespace
from typing import Any

from litestar import Request

from cms.host import Host


def asking(host: Host, site: str = "http://clinica.example") -> Request[Any, Any, Any]:
    """A GET of the site's front door."""
    name = site.partition("://")[2]
    scope: Any = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "root_path": "",
        "query_string": b"",
        "server": (name, 80),
        "headers": [(b"host", name.encode())],
        "app": SimpleNamespace(state=SimpleNamespace(host=host)),
        "litestar_app": SimpleNamespace(state=SimpleNamespace(host=host)),
        "state": {"site_url": site},
    }
    return Request(scope)

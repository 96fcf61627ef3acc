"""Plain routes that say who may ask for them: a permission, or why they are open to everybody."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insight.access import Permission

Endpoint = Callable[[Request], Awaitable[Response]]


class StatedRoute(Route):
    """A route with the permission that its pages ask for, or with the reason ``why`` it asks for none.

    The route itself lets everybody through: ``tests/access`` checks that its answers keep to what it states.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        methods: Sequence[str] = ("GET",),
        permission: Permission | None = None,
        why: str = "",
    ) -> None:
        if (permission is None) == (not why):
            raise ValueError(f"State for {path} either a permission or why it asks for none.")
        super().__init__(path, endpoint, methods=list(methods))
        self.permission, self.why = permission, why

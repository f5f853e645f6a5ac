"""How often may a browser, or an address, ask something of a consultation?

Counted in the memory of each process, by digests that change every day: no address is kept, and
none is counted for longer than an hour. What a browser may do is tight; what an address may do
is wide, because a room of three hundred stands behind one.
"""

from __future__ import annotations

import math
import time

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from webmap import errors
from webmap.accounts.sessions import origin
from webmap.consultation.participants import COOKIE
from webmap.consultation.refusals import too_many_words

WRITES = "20 per minute; 150 per hour"
"""Contributions, corrections and withdrawals of one browser."""
GESTURES = "60 per minute"
"""Supports and flags of one browser."""
WRITES_OF_ADDRESS = "20000 per hour"
JOINS_OF_ADDRESS = "3000 per hour"
WRONG_CODES = "30 per minute; 300 per hour"
"""Room codes that are none, from one address: of 32⁶ codes."""


def by_address() -> str:
    """A digest of the address that asks."""
    return origin(current_app.config["SECRET_KEY"], "address", get_remote_address())


def by_token() -> str:
    """A digest of the token that the browser has, or of the address where it has none."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return by_address()
    return origin(current_app.config["SECRET_KEY"], "token", token)


def is_wrong(response: Response) -> bool:
    """Tell whether a room code was none."""
    return response.status_code == 404


limiter = Limiter(key_func=by_address, storage_uri="memory://", headers_enabled=False)


def _tell(_error: RateLimitExceeded) -> Response:
    limit = limiter.current_limit
    seconds = math.ceil(limit.window.reset_time - time.time()) if limit else 60
    problem = errors.Problem("trop-de-demandes", 429, too_many_words(), {"reason": "too-many"})
    response = errors.tell(problem)
    response.headers["Retry-After"] = str(max(seconds, 1))
    return response


def register(app: Flask) -> None:
    """Count what is asked of the consultations of ``app``."""
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _tell)

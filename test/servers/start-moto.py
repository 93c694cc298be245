"""Starts moto without what it does again for each request: it looks through its folder, and lists the methods of a class."""

import functools

import moto.backends
import moto.core.responses
from moto.moto_server.werkzeug_app import MotoRequestHandler

modules = tuple(moto.backends.list_of_moto_modules())
moto.backends.list_of_moto_modules = lambda: modules
moto.core.responses.method_names_from_class = functools.cache(moto.core.responses.method_names_from_class)
MotoRequestHandler.log_request = lambda *_: None

from moto.server import main  # noqa: E402

main()

"""Lets Python find one more module of Cowrie here: the packaged Cowrie stays as it is, and is found as before.

With this folder's parent first in PYTHONPATH, `cowrie` is this package, extended by every other folder of that name.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

import cowrie._version as cowrie_version  # noqa: E402  the packaged Cowrie says its version in the same way

__version__ = cowrie_version

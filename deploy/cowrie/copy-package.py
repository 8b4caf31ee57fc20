"""Run by the Python of Cowrie's container: copies what `cerberus prepare --package` must know of it to a folder."""

import importlib.metadata
import importlib.util
import pathlib
import shutil
import sys


def version() -> str:
    try:
        return importlib.metadata.version("cowrie")
    except importlib.metadata.PackageNotFoundError:
        # Cowrie's own image runs its sources, which are not installed.
        from cowrie._version import __version__

        return __version__


target = pathlib.Path(sys.argv[1])
package = importlib.util.find_spec("cowrie").submodule_search_locations[0]
shutil.copy(pathlib.Path(package, "data", "fs.pickle"), target / "fs.pickle")
(target / "version").write_text(version() + "\n")

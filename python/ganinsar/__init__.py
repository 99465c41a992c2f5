"""Synthetic but realistic maps of ground-deformation rate, as InSAR measures them.

`generate` and `stream` draw maps with the program that this package carries, `GeneratedMaps` feeds them to a PyTorch
`DataLoader`, `open_dataset` reads training sets of `ganinsar dataset`, and `read_stack` opens stacks of interferograms
with xarray. Rates are cm/yr along the line of sight, positive toward the satellite.
"""

from typing import TYPE_CHECKING, Any

from ganinsar._program import ProgramError, program, run, shipped_model, version

if TYPE_CHECKING:
    from ganinsar._datasets import SampleDataset, SampleStream, open_dataset
    from ganinsar._loading import GeneratedMaps
    from ganinsar._maps import MapStream, generate, stream
    from ganinsar._stacks import read_stack

__all__ = [
    "GeneratedMaps",
    "MapStream",
    "ProgramError",
    "SampleDataset",
    "SampleStream",
    "generate",
    "open_dataset",
    "program",
    "read_stack",
    "run",
    "shipped_model",
    "stream",
    "version",
]

# NumPy, PyTorch and xarray take up to seconds to load: the command `ganinsar` needs none of them, and each function
# only some.
_PLACES = {
    "generate": "_maps",
    "stream": "_maps",
    "MapStream": "_maps",
    "GeneratedMaps": "_loading",
    "open_dataset": "_datasets",
    "SampleDataset": "_datasets",
    "SampleStream": "_datasets",
    "read_stack": "_stacks",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
    if name == "__version__":
        return version()
    if name not in _PLACES:
        raise AttributeError(f"module 'ganinsar' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"ganinsar.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

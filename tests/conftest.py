"""What every test may ask for: a tiny atlas, and the one that the project ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from layers.atlas import Atlas
from layers.join import Join
from tests.content import Content

# The same examples on every run, however slow or busy the machine is.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder for the tests: nothing is read from or written to that of the service."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webmap.config.STATE_ROOT", folder)
        patch.setenv("LIMITROPHE_STATE", str(folder / "instance"))
        patch.delenv("DATABASE_URL", raising=False)
        yield folder


@pytest.fixture
def content() -> Content:
    """The tiny content, to be changed and written."""
    return Content()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tiny content; not to be written to."""
    return Content().write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Atlas:
    """The tiny atlas."""
    return Atlas.load(tiny_folder)


@pytest.fixture(scope="session")
def tiny_join(tiny: Atlas) -> Join:
    """The join of the tiny atlas."""
    return Join(tiny)


@pytest.fixture(scope="session")
def real() -> Atlas:
    """The atlas of the project's own data."""
    return Atlas.load(DATA)

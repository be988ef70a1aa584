"""Settings: one frozen value, built at the edge and passed down.

They come from flags, then the environment (``ASSISTANT_CORPUS`` and so on), then a TOML file, then the defaults: the first that says
anything wins. The file is the one named by ``--config`` or ``ASSISTANT_CONFIG``, else ``assistant.toml`` in the current folder, else
``config.toml`` in the user's configuration folder.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.encoding.models import DEFAULT_MODEL
from assistant.errors import SettingsError

PREFIX = "ASSISTANT_"
APP = "assistant"

Folders = str | Path | Sequence[str | Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user may choose. Paths may be given as strings, ``corpus`` as one folder or several.

    Raises SettingsError where a value cannot be used.
    """

    corpus: tuple[Path, ...] = (Path("corpus"),)
    """The folders of notes."""
    index: Path = Path("index")
    """Where what is built from the notes lies."""
    cache: Path | None = None
    """Where compiled models lie; None is the user's cache folder."""
    model: str = DEFAULT_MODEL
    """A sentence-transformers folder or name."""
    max_file_mb: float = 20.0
    """Larger files are skipped, and listed."""
    hits: int = 10
    """How many passages an answer carries along."""
    answer_words: int = 80
    """The most words that an answer quotes; twice as many for lists, steps, comparisons and scenarios."""
    host: str = "127.0.0.1"
    port: int = 7860
    password: str | None = None
    """Needed to serve on any other address than this machine's own."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _convert(field.name, getattr(self, field.name)))

    @classmethod
    def load(cls, *, config: str | Path | None = None, environment: Mapping[str, str] | None = None, **flags: Any) -> "Settings":
        """The settings that the flags given (those not None), the environment and the settings file make together."""
        env = os.environ if environment is None else environment
        chosen = _from_file(config or env.get(f"{PREFIX}CONFIG")) | _from_environment(env)
        return cls(**(chosen | {name: value for name, value in flags.items() if value is not None}))

    @property
    def cache_folder(self) -> Path:
        """``cache``, or the user's cache folder."""
        if self.cache is not None:
            return self.cache
        import platformdirs

        return Path(platformdirs.user_cache_dir(APP, appauthor=False))


NAMES = tuple(field.name for field in fields(Settings))


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in environment.items():
        if key.startswith(PREFIX) and key != f"{PREFIX}CONFIG":
            name = key.removeprefix(PREFIX).lower()
            _check_name(name, f"the environment variable {key}")
            found[name] = value.split(os.pathsep) if name == "corpus" else value
    return found


def _from_file(path: str | Path | None) -> dict[str, Any]:
    file = Path(path) if path else _default_file()
    if file is None:
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the settings file {file} cannot be read ({error.strerror}): check the path, or leave --config out") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {file} is not valid TOML: {error}") from error
    for name in table:
        _check_name(name, f"the settings file {file}")
    # Relative paths in a file are meant from where the file lies.
    base = file.parent
    return {name: _based(name, value, base) for name, value in table.items()}


def _default_file() -> Path | None:
    import platformdirs

    places = (Path("assistant.toml"), Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml")
    return next((place for place in places if place.is_file()), None)


def _based(name: str, value: Any, base: Path) -> Any:
    if name == "corpus":
        return [base / Path(one).expanduser() for one in ([value] if isinstance(value, str) else value)]
    return base / Path(value).expanduser() if name in ("index", "cache") else value


def _check_name(name: str, where: str) -> None:
    if name not in NAMES:
        raise SettingsError(f"{where} sets {name!r}, which is no setting; expected one of: {', '.join(NAMES)}")


def _convert(name: str, value: Any) -> Any:
    try:
        return _CONVERTERS[name](value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"setting {name!r} got {value!r}: {error}") from error


def _path(value: Any) -> Path:
    if not isinstance(value, str | Path) or str(value) == "":
        raise ValueError("expected a path")
    return Path(value).expanduser()


def _paths(value: Any) -> tuple[Path, ...]:
    found = tuple(_path(one) for one in ([value] if isinstance(value, str | Path) else value))
    if not found:
        raise ValueError("expected at least one folder")
    return found


def _number(kind: type, least: float, most: float):
    def convert(value: Any):
        if isinstance(value, bool):
            raise ValueError(f"expected a number from {least:g} to {most:g}")
        number = kind(value)
        if not least <= number <= most:
            raise ValueError(f"expected a number from {least:g} to {most:g}")
        return number

    return convert


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("expected some text")
    return value


def _optional(convert):
    return lambda value: None if value is None else convert(value)


_CONVERTERS = {
    "corpus": _paths,
    "index": _path,
    "cache": _optional(_path),
    "model": _text,
    "max_file_mb": _number(float, 0.001, 2000),
    "hits": _number(int, 1, 100),
    "answer_words": _number(int, 20, 1000),
    "host": _text,
    "port": _number(int, 0, 65535),
    "password": _optional(_text),
}

"""Settings: one frozen value, built at the edge and passed down.

They come from flags, then the environment (``ASSISTANT_CORPUS`` and so on), then a TOML file, then the defaults: the first that says
anything wins. The file is the one named by ``--config`` or ``ASSISTANT_CONFIG``, else ``assistant.toml`` in the current folder, else
``config.toml`` in the user's configuration folder.
"""

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
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
    watch: bool = True
    """Whether the page's notes are synced by themselves when their files change."""
    theme: str = "system"
    """How the page looks where its reader chose nothing: system, light or dark."""
    host: str = "127.0.0.1"
    port: int = 7860
    password: str | None = field(default=None, repr=False)
    """Needed to serve on any other address than this machine's own."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting that ``load`` did not leave at its default comes from, in words. Not a setting itself."""

    def __post_init__(self) -> None:
        for name in NAMES:
            object.__setattr__(self, name, _convert(name, getattr(self, name)))

    @classmethod
    def load(cls, *, config: str | Path | None = None, environment: Mapping[str, str] | None = None, **flags: Any) -> "Settings":
        """The settings that the flags given (those not None), the environment and the settings file make together."""
        for name in flags:
            _check_name(name, "a flag")
        env = os.environ if environment is None else environment
        file = _convert("config", config or env.get(f"{PREFIX}CONFIG") or None) or _default_file()
        sources = {
            f"the file {file}": _from_file(file) if file else {},
            "the environment": _from_environment(env),
            "the command line": {name: value for name, value in flags.items() if value is not None},
        }
        chosen: dict[str, Any] = {}
        origins: dict[str, str] = {}
        # The later wins.
        for origin, values in sources.items():
            chosen |= values
            origins |= dict.fromkeys(values, origin)
        return cls(**chosen, origins=origins)

    @property
    def max_bytes(self) -> int:
        """``max_file_mb`` in bytes."""
        return int(self.max_file_mb * 1_000_000)

    @property
    def cache_folder(self) -> Path:
        """``cache``, or the user's cache folder."""
        if self.cache is not None:
            return self.cache
        import platformdirs

        return Path(platformdirs.user_cache_dir(APP, appauthor=False))


NAMES = tuple(one.name for one in fields(Settings) if one.name != "origins")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in environment.items():
        if key.startswith(PREFIX) and key != f"{PREFIX}CONFIG":
            name = key.removeprefix(PREFIX).lower()
            _check_name(name, f"the environment variable {key}")
            found[name] = value.split(os.pathsep) if name == "corpus" else value
    return found


def _from_file(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the settings file {file} cannot be read ({error.strerror}): check its path and permissions") from error
    except ValueError as error:
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
        return [base / one for one in _convert(name, value)]
    if name in ("index", "cache"):
        return base / _convert(name, value)
    # Of a model's name and its folder, only the latter begins with a dot.
    return str((base / value).absolute()) if name == "model" and isinstance(value, str) and value.startswith(".") else value


def _check_name(name: str, where: str) -> None:
    if name not in NAMES:
        raise SettingsError(f"{where} sets {name!r}, which is no setting; expected one of: {', '.join(NAMES)}")


def _convert(name: str, value: Any) -> Any:
    try:
        return _CONVERTERS[name](value)
    # expanduser raises RuntimeError for a user that there is none of.
    except (TypeError, ValueError, RuntimeError) as error:
        raise SettingsError(f"setting {name!r} got {value!r}: {error}") from error


def _path(value: Any) -> Path:
    if not isinstance(value, str | Path) or str(value) == "" or "\0" in str(value):
        raise ValueError("expected a path")
    return Path(value).expanduser()


def _paths(value: Any) -> tuple[Path, ...]:
    if isinstance(value, str | Path):
        return (_path(value),)
    if not isinstance(value, Sequence) or isinstance(value, bytes) or not value:
        raise ValueError("expected a folder, or a list of at least one")
    return tuple(map(_path, value))


def _number(kind: type, least: float, most: float):
    expected = f"expected a {'whole number' if kind is int else 'number'} from {least:g} to {most:g}"

    def convert(value: Any):
        try:
            number = kind(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(expected) from None
        # int() would make 7 of 7.5, and 1 of True.
        if isinstance(value, bool) or not least <= number <= most or (isinstance(value, float) and number != value):
            raise ValueError(expected)
        return number

    return convert


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("expected some text")
    return value


def _switch(value: Any) -> bool:
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if str(value).lower() not in known:
        raise ValueError("expected true or false")
    return known[str(value).lower()]


def _choice(*known: str):
    def convert(value: Any) -> str:
        if value not in known:
            raise ValueError(f"expected one of {', '.join(known)}")
        return value

    return convert


def _optional(convert):
    return lambda value: None if value is None else convert(value)


_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "config": _optional(_path),
    "corpus": _paths,
    "index": _path,
    "cache": _optional(_path),
    "model": _text,
    "max_file_mb": _number(float, 0.001, 2000),
    "hits": _number(int, 1, 100),
    "answer_words": _number(int, 20, 1000),
    "watch": _switch,
    "theme": _choice("system", "light", "dark"),
    "host": _text,
    "port": _number(int, 0, 65535),
    "password": _optional(_text),
}

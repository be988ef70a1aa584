"""Settings: where they come from, which wins, and what is refused."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.settings import NAMES, Settings


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """In an empty folder, and without a settings file of the user's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def load(toml: str | None = None, environment: dict[str, str] | None = None, **flags) -> Settings:
    if toml is not None:
        Path("assistant.toml").write_text(toml, encoding="utf-8")
    return Settings.load(environment=environment or {}, **flags)


# Where they come from


def test_nothing_said_gives_the_defaults():
    assert load() == Settings()
    assert (Settings().corpus, Settings().index, Settings().host, Settings().port) == ((Path("corpus"),), Path("index"), "127.0.0.1", 7860)


def test_flags_win_over_the_environment_over_the_file_over_the_defaults():
    toml, environment = 'index = "of-file"\nport = 1\nhits = 3', {"ASSISTANT_INDEX": "of-environment", "ASSISTANT_PORT": "2"}
    got = load(toml, environment, index="of-flags")
    assert (got.index, got.port, got.hits, got.host) == (Path("of-flags"), 2, 3, "127.0.0.1")


def test_a_flag_that_is_none_says_nothing():
    assert load("port = 1", port=None).port == 1


def test_each_setting_can_be_said_in_the_environment():
    said = {
        "corpus": "a", "index": "i", "cache": "c", "model": "m", "max_file_mb": "1.5", "hits": "7", "answer_words": "99", "watch": "no", "theme": "dark", "host": "::1", "port": "0",
        "password": "secret",
    }  # fmt: skip
    assert set(said) == set(NAMES)
    got = load(environment={f"ASSISTANT_{name.upper()}": value for name, value in said.items()})
    assert got == Settings(
        corpus="a", index="i", cache="c", model="m", max_file_mb=1.5, hits=7, answer_words=99, watch=False, theme="dark", host="::1", port=0, password="secret"
    )


def test_the_environment_is_the_process_own_unless_given(monkeypatch):
    monkeypatch.setenv("ASSISTANT_PORT", "4242")
    assert Settings.load().port == 4242
    assert Settings().port == 7860


def test_a_file_may_be_named_by_flag_or_environment(tmp_path):
    (tmp_path / "a.toml").write_text("port = 1")
    (tmp_path / "b.toml").write_text("port = 2")
    (tmp_path / "assistant.toml").write_text("port = 3")
    assert Settings.load(environment={}).port == 3
    assert Settings.load(environment={"ASSISTANT_CONFIG": "b.toml"}).port == 2
    assert Settings.load(config="a.toml", environment={"ASSISTANT_CONFIG": "b.toml"}).port == 1
    assert Settings.load(environment={"ASSISTANT_CONFIG": ""}).port == 3


def test_the_users_file_is_read_where_the_folder_has_none(tmp_path):
    file = tmp_path / "config/assistant/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("port = 5")
    assert load().port == 5
    assert load("port = 6").port == 6


# Paths


def test_corpus_is_one_folder_or_several_however_it_is_said():
    one, two = (Path("a"),), (Path("a"), Path("b"))
    assert Settings(corpus="a").corpus == Settings(corpus=Path("a")).corpus == Settings(corpus=["a"]).corpus == one
    assert Settings(corpus=("a", Path("b"))).corpus == two
    assert load(environment={"ASSISTANT_CORPUS": f"a{os.pathsep}b"}).corpus == two
    assert load(corpus=[Path("a"), Path("b")]).corpus == two


def test_relative_paths_in_a_file_are_meant_from_its_folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.toml").write_text('corpus = ["notes", "/abs"]\nindex = "../index"\ncache = "c"\nmodel = "./mini"')
    got = Settings.load(config="deep/a.toml", environment={})
    assert (got.corpus, got.index, got.cache) == ((Path("deep/notes"), Path("/abs")), Path("deep/../index"), Path("deep/c"))
    assert got.model == str(tmp_path / "deep/mini")
    assert load('corpus = "notes"\nmodel = "all-MiniLM-L6-v2"').corpus == (Path("notes"),)


def test_home_is_understood(monkeypatch):
    monkeypatch.setenv("HOME", "/home/mira")
    assert Settings(corpus="~/notes", index="~/index").corpus == (Path("/home/mira/notes"),)
    assert load('index = "~/index"').index == Path("/home/mira/index")


def test_the_cache_folder_is_the_users_unless_given(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert Settings().cache_folder == Path("/somewhere/assistant")
    assert Settings(cache="here").cache_folder == Path("here")


# What is refused


@pytest.mark.parametrize(
    ("say", "where"),
    [
        (lambda: load('colour = "red"'), "assistant.toml sets 'colour'"),
        (lambda: load("[assistant]\nport = 1"), "assistant.toml sets 'assistant'"),
        (lambda: load(environment={"ASSISTANT_COLOUR": "red"}), "the environment variable ASSISTANT_COLOUR sets 'colour'"),
        (lambda: load(colour="red"), "a flag sets 'colour'"),
    ],
)
def test_an_unknown_setting_is_refused_and_the_known_are_named(say, where):
    with pytest.raises(SettingsError, match=f"{where}, which is no setting; expected one of: corpus, index"):
        say()
    with pytest.raises(TypeError):
        Settings(colour="red")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("corpus", ""), ("corpus", []), ("corpus", [""]), ("corpus", 5), ("corpus", [5]), ("corpus", b"a"), ("corpus", None), ("corpus", "a\0b"),
        ("corpus", {"a": 1}), ("corpus", "~nobody-of-that-name/notes"), ("index", ""), ("index", 5), ("index", None), ("index", ["a"]), ("cache", ""),
        ("model", ""), ("model", 5), ("max_file_mb", 0), ("max_file_mb", "big"), ("max_file_mb", float("nan")), ("max_file_mb", float("inf")),
        ("hits", 0), ("hits", 101), ("hits", 2.5), ("hits", True), ("hits", "2.5"), ("hits", float("inf")), ("answer_words", 19), ("port", -1),
        ("watch", "maybe"), ("watch", 2), ("theme", "red"), ("theme", 1), ("port", 65536), ("port", "http"), ("port", None), ("port", [1]), ("host", ""), ("host", 1), ("password", ""), ("password", 5),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"setting '{name}' got"):
        Settings(**{name: value})


@pytest.mark.parametrize(("toml", "name"), [("corpus = 5", "corpus"), ("corpus = [1]", "corpus"), ('corpus = ""', "corpus"), ("index = 5", "index"), ("port = 7.5", "port")])
def test_a_wrong_type_in_a_file_is_refused_by_name(toml, name):
    with pytest.raises(SettingsError, match=f"setting '{name}' got"):
        load(toml)


def test_the_bounds_themselves_are_fine():
    got = Settings(hits=100, answer_words=20, port=65535, max_file_mb=2000)
    assert (got.hits, got.answer_words, got.port, got.max_file_mb) == (100, 20, 65535, 2000.0)
    assert Settings(hits=7.0).hits == 7


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"port = ", "is not valid TOML"), (b"\xff", "is not valid TOML"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, reason):
    if content is not None:
        (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=f"a.toml {reason}"):
        Settings.load(config="a.toml", environment={})


def test_a_folder_is_no_settings_file(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.load(config=tmp_path, environment={})


# As a value


def test_settings_are_frozen_equal_by_value_and_keep_the_password_to_themselves():
    with pytest.raises(AttributeError):
        Settings().port = 1
    assert Settings(corpus="a") == Settings(corpus=(Path("a"),))
    assert "hunter2" not in repr(Settings(password="hunter2"))


@given(value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)), name=st.sampled_from(NAMES))
def test_any_value_is_taken_or_refused_in_words(name, value):
    try:
        got = Settings(**{name: value})
    except SettingsError:
        return
    assert Settings(**{name: getattr(got, name)}) == got

"""Nothing is fetched: with every socket refused the model is compiled, the notes are indexed, and questions are answered."""

import os
import subprocess
import sys
from pathlib import Path

import assistant

SOURCE = str(Path(assistant.__file__).parents[1])
REFUSING = """
import socket
import sys

tried = []


class Refused(Exception):
    pass


def refuse(event, arguments):
    # Sockets within the machine's own kernel are how libraries wake their threads.
    if event == "socket.__new__" and arguments[1] != socket.AF_UNIX or event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect"):
        tried.append((event, str(arguments[1:])))
        raise Refused(event)


sys.addaudithook(refuse)
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", REFUSING + code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": SOURCE, **environment})


def test_sockets_are_refused():
    code = """
import urllib.request
for attempt in (socket.socket, lambda: socket.create_connection(("127.0.0.1", 9)), lambda: urllib.request.urlopen("http://127.0.0.1:9")):
    try:
        attempt()
    except Refused as refused:
        print(refused)
socket.socketpair()
"""
    done = run(code)
    assert (done.stdout.split(), done.stderr) == (["socket.__new__", "socket.getaddrinfo", "socket.getaddrinfo"], "")


def test_the_first_start_of_all_and_the_first_answer_need_no_network(tmp_path, write):
    folder = write({"lamp.md": "# Lamp\n\nThe lamp of the lighthouse burns for 11 hours a night.\n"})
    command = ["ask", "--corpus", str(folder), "--index", str(tmp_path / "index"), "How long does the lamp of the lighthouse burn?"]
    code = f"""
from assistant.cli import main
code = main({command!r})
print(code, tried)
"""
    # A machine that never had a hub, and nobody has told anything to stay offline.
    fresh = {"ASSISTANT_CACHE": tmp_path / "cache", "HF_HOME": tmp_path / "hub", "TIKTOKEN_CACHE_DIR": tmp_path / "tokens"}
    done = run(code, **{name: str(place) for name, place in fresh.items()})
    # Nobody watches, and so nothing but the answer is said: no progress, no warning.
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "The lamp of the lighthouse burns for **11 hours** a night. [1]\n\n[1] lamp.md:3  Lamp\n0 []\n"
    )
    assert list((tmp_path / "cache/encoders").iterdir())

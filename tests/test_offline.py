"""Nothing is fetched: with every socket refused the model is compiled, the notes are indexed, and questions are answered."""

import os
import subprocess
import sys

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
    return subprocess.run([sys.executable, "-c", REFUSING + code], capture_output=True, text=True, env={**os.environ, **environment})


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
    code = f"""
from pathlib import Path
from assistant import Assistant, Settings
notes = Assistant.open(Settings(corpus={str(folder)!r}, index={str(tmp_path / "index")!r}, cache={str(tmp_path / "cache")!r}))
answer = notes.ask("How long does the lamp of the lighthouse burn?")
print(answer.short, [one.path for one in answer.citations], tried)
"""
    # A machine that never had a hub, and nobody has told anything to stay offline.
    done = run(code, HF_HOME=str(tmp_path / "hub"), TIKTOKEN_CACHE_DIR=str(tmp_path / "tokens"))
    assert (done.returncode, done.stdout) == (0, "11 hours ['lamp.md'] []\n"), done.stderr

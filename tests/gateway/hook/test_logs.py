"""The log of a worker that serves: its own process here, because it is changed for good."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

WORDS = "words-of-somebody"

PREPARED = f"""
import logging, sys
from cline_gateway.logs import withhold
from cline_gateway.routes import routes_of
words = {WORDS!r}
class Line(logging.Formatter):
    def format(self, record):
        import json
        return json.dumps({{**{{k: v for k, v in vars(record).items() if k not in ("msg", "args")}}, "text": record.getMessage()}}, default=str)
handler = logging.StreamHandler()
handler.setFormatter(Line())
log = logging.getLogger("LiteLLM")
log.addHandler(handler)
routes = routes_of([
    {{"method": "POST", "path": "/v1/chat/completions", "caller": "developer"}},
    {{"method": "POST", "path": "/team/{{team}}/member/{{user}}/reset_spend", "caller": "functions"}},
])
"""


def run(tmp_path: Path, code: str) -> str:
    program = tmp_path / "program.py"
    program.write_text(PREPARED + textwrap.dedent(code))
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}, check=True)
    return done.stdout + done.stderr


def lines(tmp_path: Path, code: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(tmp_path, f"withhold(routes)\n{textwrap.dedent(code)}").splitlines()]


CALLS = {
    "an argument": ('log.warning("failed: %s", words)', "failed: %s"),
    "a formatted string": ('log.warning(f"failed: {words} at {1}")', "failed: … at …"),
    "a call of several lines": ('log.warning(\n    f"failed: {words}"\n    " again",\n    words,\n)', "failed: … again"),
    "a sum": ('log.warning("failed: " + words)', "failed: …"),
    "a remainder": ('log.warning("failed: %s" % words)', "failed: %s"),
    "a format": ('log.warning("failed: {}".format(words))', "failed: {}"),
    "a variable": ("log.warning(words)", "…"),
    "a logger's method by another name": ('say = log.warning\nsay(f"failed: {words}")', "failed: …"),
    "colours": ('log.warning(f"\\033[31mfailed {words}\\033[0m")', "failed …"),
    "a level": ('log.log(30, "failed: %s", words)', "failed: %s"),
    "a field beside": ('log.warning("failed", extra={"prompt": words})', "failed"),
    "an error as the message": ("log.warning(ValueError(words))", "…"),
}


@pytest.mark.parametrize(("call", "text"), CALLS.values(), ids=CALLS.keys())
def test_a_message_keeps_what_the_source_says_and_nothing_else(tmp_path: Path, call: str, text: str) -> None:
    [line] = lines(tmp_path, call)
    assert line["text"] == text
    assert WORDS not in json.dumps(line)
    assert (line["name"], line["levelname"], line["filename"], line["lineno"] > 10) == ("LiteLLM", "WARNING", "program.py", True)


def test_an_error_keeps_class_status_request_and_place(tmp_path: Path) -> None:
    [line] = lines(
        tmp_path,
        """
        class Failed(Exception):
            status_code = 429
            response = type("R", (), {"headers": {"x-amzn-requestid": "01234567-89ab-cdef-0123-456789abcdef"}})
        try:
            try:
                raise KeyError(words)
            except KeyError as error:
                raise Failed(words) from error
        except Failed:
            log.exception("failed")
        """,
    )
    assert line["error"] == "Failed 429 from KeyError, request 01234567-89ab-cdef-0123-456789abcdef"
    assert [frame.rpartition("/")[2].split(":")[0] for frame in line["frames"]] == ["program.py"]
    assert WORDS not in json.dumps(line)


def test_the_error_at_hand_is_named_without_its_frames(tmp_path: Path) -> None:
    [line] = lines(tmp_path, "try:\n    raise KeyError(words)\nexcept KeyError as error:\n    log.error(f'failed: {error}')\n")
    assert (line["text"], line["error"], "frames" in line) == ("failed: …", "KeyError", False)


def test_a_request_is_named_by_its_route(tmp_path: Path) -> None:
    seen = lines(
        tmp_path,
        """
        access = logging.getLogger("uvicorn.access")
        access.setLevel(20)
        access.addHandler(handler)
        for path in ("/v1/chat/completions?a=" + words, "/" + words, "/team/a/member/" + words + "/reset_spend"):
            access.info('%s - "%s %s HTTP/%s" %d', "10.0.0.1:80", "POST", path, "1.1", 404)
        """,
    )
    assert [line["text"] for line in seen] == [
        "10.0.0.1:80 POST /v1/chat/completions 404",
        "10.0.0.1:80 another route 404",
        "10.0.0.1:80 POST /team/{team}/member/{user}/reset_spend 404",
    ]


def test_our_own_messages_are_whole(tmp_path: Path) -> None:
    [line] = lines(tmp_path, 'own = logging.getLogger("cline_gateway.admission")\nown.addHandler(handler)\nown.error("admission_unavailable %s", "TimeoutError")')
    assert line["text"] == "admission_unavailable TimeoutError"


PRINTS = {
    "printed": "print(words)",
    "printed as an error": "print(words, file=sys.stderr)",
    "a printed traceback": "import traceback\ntry:\n    raise KeyError(words)\nexcept KeyError:\n    traceback.print_exc()",
    "a warning": "import warnings\nwarnings.warn(words)",
    "a message that does not fit its arguments": 'log.warning("%d", words)',
    "a handler that fails": "class Failing(logging.Handler):\n    def emit(self, record):\n        try:\n            raise KeyError(words)\n        except KeyError:\n"
    "            self.handleError(record)\nlogging.getLogger('another').addHandler(Failing())\nlogging.getLogger('another').warning('x')",
}


@pytest.mark.parametrize("code", PRINTS.values(), ids=PRINTS.keys())
def test_what_is_printed_stays_away(tmp_path: Path, code: str) -> None:
    text = run(tmp_path, f'withhold(routes)\nown = logging.getLogger("cline_gateway")\nown.addHandler(handler)\n{code}\nlog.warning("end")')
    assert WORDS not in text and '"text": "end"' in text
    if "log" not in code:
        assert "left out what is printed at " in text and "program.py:" in text


def test_before_that_everything_is_written(tmp_path: Path) -> None:
    assert WORDS in run(tmp_path, 'log.warning("starts: %s", words)\nprint(words)')

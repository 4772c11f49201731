"""`npc probe`, against a server process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from npc.backends.envelopes import ENVELOPES
from tests.backends.hostile_server import hostile_server


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with hostile_server() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    return {"NPC_CACHE_DIR": str(tmp_path / "cache")}


def test_a_server_that_enforces(npc, url, here):
    """Every envelope that carries the schema is found to enforce it, and the first is chosen and kept."""
    done = npc("probe", f"openai:obedient@{url}", "--json", environment=here)
    assert done.returncode == 0, done.stderr
    [data] = json.loads(done.stdout)["backends"]
    findings = {one["envelope"]: one["finding"] for one in data["envelopes"]}
    assert list(findings) == list(ENVELOPES)
    assert {name for name, finding in findings.items() if finding == "enforces"} == ENVELOPES.keys() - {
        "grammar",
        "prompt",
    }
    assert data["envelope"] == "json_schema"
    assert data["envelopes"][0]["input_tokens"] == 100
    assert json.loads(Path(data["kept_in"]).read_text())["envelope"] == "json_schema"


def test_the_verdict_is_what_the_backend_goes_by(npc, url, here, tmp_path):
    """A server that ignores one envelope and rejects others is asked in the one it keeps to, from then on."""
    spec = f"openai:chat-only@{url}"
    done = npc("probe", spec, environment=here)
    assert done.returncode == 0
    assert "use json_object: it kept to the schema in every trial" in done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:4]] == [
        ["json_schema", "violates"],
        ["responses", "rejects"],
        ["structured_outputs", "rejects"],
    ]
    assert "finds out what the server takes" not in done.stdout, "advice that is being followed"
    npc("new", "tavern")
    [before, after] = (
        npc("play", "tavern", "--backend", spec, "--json", stdin="Hello\n", environment=environment)
        for environment in ({"NPC_CACHE_DIR": ""}, here)
    )
    assert json.loads(before.stdout.splitlines()[-1])["verdict"] == "fallback"
    assert json.loads(after.stdout.splitlines()[-1])["verdict"] != "fallback"


def test_a_server_that_ignores_the_schema(npc, url, here):
    """Where no way of asking is any good, the exit status says so, and nothing is kept."""
    done = npc("probe", f"openai:ignores-schema@{url}", environment=here)
    assert done.returncode == 1
    assert done.stdout.count("0 of 5") == done.stdout.count("no JSON") == len(ENVELOPES) - 1
    assert "the server's answer is not a response" in done.stdout  # it knows no other dialect
    assert not Path(here["NPC_CACHE_DIR"]).exists()


@pytest.mark.parametrize(("model", "finding"), [("storm", "fails"), ("busy", "fails"), ("refuses", "violates")])
def test_what_is_no_answer(npc, url, here, model, finding):
    """Calls that fail tell nothing of the envelope; refusals are answers, if no good ones."""
    done = npc("probe", f"openai:{model}@{url}", "--envelope", "json_schema", "--json", environment=here)
    assert done.returncode == 1
    assert json.loads(done.stdout)["backends"][0]["envelopes"][0]["finding"] == finding


def test_one_envelope_does_not_close_the_server_to_another(npc, url, here):
    """Failures in one envelope open no circuit: each is asked, and told for itself."""
    done = npc("probe", f"openai:storm@{url}", environment=here)
    assert done.returncode == 1
    assert done.stdout.count("calls failed: HTTP 500") == len(ENVELOPES)


def test_rounds_and_envelopes_are_chosen(npc, url, here):
    """`--rounds` repeats the lines, `--envelope` limits the ways, `--no-keep` keeps nothing."""
    arguments = ("--envelope", "tool", "--envelope", "responses", "--rounds", "3", "--no-keep", "--json")
    done = npc("probe", f"openai:obedient@{url}|embedded", *arguments, environment=here)
    [data] = json.loads(done.stdout)["backends"]
    assert [(one["envelope"], one["kept"]) for one in data["envelopes"]] == [("tool", 15), ("responses", 15)]
    assert data["kept_in"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["embedded"], "asks no server, so there is nothing to probe"),
        (["openai:m@http://localhost:1/v1", "--envelope", "tol"], "did you mean `tool`?"),
    ],
)
def test_wrong_use(npc, arguments, message):
    """What cannot be probed is said, with an example or the nearest name."""
    done = npc("probe", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_damaged_verdict_is_no_verdict(npc, url, here):
    """A kept verdict that cannot be read is as good as none."""
    done = npc("probe", f"openai:obedient@{url}", "--envelope", "tool", "--json", environment=here)
    kept = Path(json.loads(done.stdout)["backends"][0]["kept_in"])
    for damaged in (b"", b"[" * 9_999, b'{"format": 1}', kept.read_bytes().replace(b'"tool"', b'"carrier pigeon"')):
        kept.write_bytes(damaged)
        done = npc("probe", f"openai:obedient@{url}", "--envelope", "prompt", "--no-keep", environment=here)
        assert done.returncode == 1
        assert "violates" in done.stdout

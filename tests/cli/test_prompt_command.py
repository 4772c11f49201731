"""`npc prompt`: exactly what would be sent."""

import json

import pytest

WORDS = "Have you a room for me?"


def test_the_whole_request_is_shown(npc, tavern):
    """Messages, schema and size stand under headings of their own, the player's words last."""
    done = npc("prompt", "tavern", "keeper", WORDS)
    assert done.returncode == 0
    assert "── system ──" in done.stdout
    assert "Keeper of the house. Slow, kind" in done.stdout
    assert 'return say("offer_room", price=prices["room_key"])' in done.stdout
    assert WORDS in done.stdout.partition("── schema of the answer ──")[0]
    assert "tokens: " in done.stdout.partition("── size ──")[2]
    assert "intents offered" in done.stdout


def test_json_is_what_a_backend_gets(npc, tavern):
    """--json holds the messages, the schema with its keys in order, what is allowed, and the size in numbers."""
    shown = json.loads(npc("prompt", "tavern", "keeper", WORDS, "--json").stdout)
    assert shown["messages"][0]["role"] == "system"
    assert WORDS in shown["messages"][-1]["content"]
    assert list(shown["schema"]["properties"]) == ["heard", "slots", "response"]
    assert "offer_room" in shown["allowed"]
    assert "no_room" not in shown["allowed"]
    assert shown["size"]["tokens"] == shown["size"]["prompt_tokens"] + shown["size"]["schema_tokens"] > 0


def test_the_mode_decides_which_ids_the_schema_lists(npc, tavern):
    """The static schema lists every response, the dynamic one only those of the present state."""
    listed = {}
    for mode in ("static", "dynamic"):
        shown = json.loads(npc("prompt", "tavern", "keeper", WORDS, "--mode", mode, "--json").stdout)
        listed[mode] = json.dumps(shown["schema"])
    assert '"no_room"' in listed["static"]
    assert '"no_room"' not in listed["dynamic"]


def test_residual_pseudocode_leaves_out_what_is_decided(npc, tavern):
    """The residual pseudocode holds no condition that the present state has settled; `both` shows the two."""
    residual = npc("prompt", "tavern", "keeper", WORDS, "--pseudocode", "residual").stdout
    both = npc("prompt", "tavern", "keeper", WORDS, "--pseudocode", "both").stdout
    assert "if not keeper.room_free" not in residual
    assert "if not keeper.room_free" in both


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tavern", "kepeer", "hello"], "no character `kepeer`: did you mean `keeper`?"),
        (["tavrn", "keeper", "hello"], "did you mean `tavern`?"),
        (["tavern", "keeper"], "WORDS"),
        (["tavern", "keeper", "hello", "--mode", "wild"], "wild"),
    ],
)
def test_wrong_use_gets_status_2(npc, tavern, arguments, said):
    """A name that nothing has is answered with the nearest one."""
    done = npc("prompt", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""

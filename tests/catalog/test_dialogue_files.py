"""Dialogue files: what they come to, and that a malformed one never passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from npc.catalog import load_dialogue
from npc.errors import CatalogError

DIALOGUE = """dialogue: yard
character: warden
conversations:
  - name: a key
    start: {player.gold: 3, player.items: {bread: 2}}
    seed: 7
    steps:
      - say: hello
        expect:
          {response: greet, effects: [], facts: {player.gold: 3}, heard: [greet], not_allowed: [a], verdict: accepted}
      - event: approach
        character: pedlar
      - heard: {offer_gold: {amount: 3}, greet: {}}
        expect: {response: [a, b], effects: ['give("cell_key")']}
"""


def test_dialogue_files_load(tmp_path: Path) -> None:
    """A recorded conversation has its start, seed, steps and expectations, with places."""
    file = tmp_path / "a.dialogue.yaml"
    file.write_text(DIALOGUE)
    dialogue = load_dialogue(file)
    [conversation] = dialogue.conversations
    assert (dialogue.cast, conversation.name, conversation.seed) == ("yard", "a key", 7)
    assert conversation.start == {"player.gold": 3, "player.items": {"bread": 2}}
    said, event, heard = conversation.steps
    assert (said.character, said.say, event.character, event.event) == ("warden", "hello", "pedlar", "approach")
    assert said.expect is not None
    assert (said.expect.response, said.expect.effects, said.expect.heard) == (("greet",), (), ("greet",))
    assert heard.heard == {"offer_gold": {"amount": 3}, "greet": {}}
    assert heard.expect is not None
    assert (heard.expect.response, heard.expect.facts) == (("a", "b"), None)
    assert (heard.position.line, heard.position.column) == (13, 9)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (DIALOGUE, "", "C114"),
        ("conversations:", "conversation:", "C201"),
        ("response: greet", "respones: greet", "C201"),
        ("verdict: accepted", "verdict: acepted", "C206"),
        ("say: hello", "say: ", "C209"),
        ("say: hello", "say: 12", "C204"),
        ("character: warden\n", "", "C320"),
        (DIALOGUE[DIALOGUE.index("  - name") :], "", "C205"),
        ("seed: 7", "seed: seven", "C203"),
    ],
)
def test_malformed_dialogue_files_fail(old: str, new: str, code: str, tmp_path: Path) -> None:
    """A dialogue file with an error, or nothing in it, never passes."""
    file = tmp_path / "a.dialogue.yaml"
    file.write_text(DIALOGUE.replace(old, new))
    with pytest.raises(CatalogError) as caught:
        load_dialogue(file)
    assert code in [d.code for d in caught.value.diagnostics]


def test_a_missing_dialogue_file_is_a_finding(tmp_path: Path) -> None:
    """A dialogue file that is not there is named, with the nearest there is."""
    (tmp_path / "warden.dialogue.yaml").write_text(DIALOGUE)
    with pytest.raises(CatalogError, match=r"did you mean `warden\.dialogue\.yaml`"):
        load_dialogue(tmp_path / "wardn.dialogue.yaml")

"""`npc diff` as its users run it: on folders, and in a git repository of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from npc.logic.cast import load
from npc.testing import find_dialogues
from tests.cli.conftest import Npc

WORLD = """\
world: inn
facts:
  player.gold: {type: int, min: 0, max: 50, initial: 5, owner: game}
effects:
  pay: {args: {amount: {type: int, min: 1}}, do: 'player.gold -= amount'}
events: [approach]
"""
KEEPER = """\
character: keeper
intents:
  ask_room: {means: The player asks for a room., examples: [a room please]}
  offer: {means: The player offers gold., slots: {amount: {type: int, min: 1}}, examples: ["{amount} gold"]}
  yes: {means: The player agrees., examples: ["yes"]}
logic: |
  if heard.offer:
      if heard.offer.amount > player.gold:
          return say("poor")
      if heard.offer.amount >= 4:
          pay(heard.offer.amount)
          return say("room", paid=heard.offer.amount)
      return say("more")
  if heard.ask_room:
      return say("price", price=4)
  if heard.yes and last == "price":
      return say("show_it")
  return say("shrug")
responses:
  poor: You have not got that.
  room: "{paid} gold. Up the stairs."
  more: More than that.
  price: "That is {price} gold."
  show_it: Then show it.
  shrug: Hm.
otherwise: shrug
"""
SEED = """\
dialogue: inn
character: keeper
conversations:
  - name: four is enough
    steps:
      - heard: {offer: {amount: 4}}
        expect: {response: room}
  - name: nobody is understood
    steps:
      - heard: {}
        expect: {response: shrug}
"""


def write_inn(folder: Path, keeper: str = KEEPER, world: str = WORLD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "world.yaml").write_text(world, encoding="utf-8")
    (folder / "keeper.yaml").write_text(keeper, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the inn in two commits: in the second a room costs five."""
    write_inn(tmp_path / "catalogs" / "inn")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Open the inn")
    write_inn(tmp_path / "catalogs" / "inn", KEEPER.replace(">= 4", ">= 5"))
    git(tmp_path, "commit", "-q", "-a", "-m", "Raise the price")
    return tmp_path


def test_the_same_behaviour_is_status_0(npc: Npc, tmp_path: Path) -> None:
    """A rule put another way changes nothing, and says so."""
    write_inn(tmp_path / "old")
    write_inn(tmp_path / "new", KEEPER.replace("if heard.offer.amount >= 4:", "if not heard.offer.amount < 3 + 1:"))
    done = npc("diff", "old", "new")
    assert (done.returncode, done.stdout) == (0, "inn: every character does and says what it did\n")


def test_a_changed_rule_is_told_with_its_lines_and_an_example(npc: Npc, tmp_path: Path) -> None:
    """The one hearing that comes out differently is found, with the lines that decide and both outcomes."""
    write_inn(tmp_path / "old")
    write_inn(tmp_path / "new", KEEPER.replace(">= 4", ">= 5"))
    done = npc("diff", "old", "new")
    assert done.returncode == 1
    assert "1 change of behaviour" in done.stdout
    assert "room → more (response, effects, facts)" in done.stdout
    assert "when heard.offer, heard.offer.amount == 4, player.gold >= 4" in done.stdout
    assert "keeper hears offer(amount=4)" in done.stdout
    assert "before: room “4 gold. Up the stairs.”; pay(4); player.gold = 1" in done.stdout
    assert "now:    more “More than that.”" in done.stdout


def test_json_holds_what_a_program_needs(npc: Npc, tmp_path: Path) -> None:
    """The report as JSON names the outcomes of both versions."""
    write_inn(tmp_path / "old")
    write_inn(tmp_path / "new", KEEPER.replace(">= 4", ">= 5"))
    report = json.loads(npc("diff", "old", "new", "--json").stdout)
    [change] = report["casts"][0]["changes"]
    assert report["same"] is False
    assert (change["old"]["response"], change["new"]["response"]) == ("room", "more")
    assert change["old"]["effects"] == ["pay(4)"]
    assert change["new"]["heard"] == {"offer": {"amount": 4}}


def test_declarations_are_compared(npc: Npc, tmp_path: Path) -> None:
    """Reworded, added and removed lines, intents, facts, effects and invariants are listed."""
    write_inn(tmp_path / "old", world=WORLD + "invariants: ['player.gold >= 0']\n")
    keeper = (
        KEEPER.replace("Hm.", "Hmm?")
        .replace("[a room please]", "[a bed please]")
        .replace("  more:", "  late: Go.\n  more:")
    )
    write_inn(tmp_path / "new", keeper, WORLD.replace("initial: 5", "initial: 6"))
    done = npc("diff", "old", "new")
    assert done.returncode == 1
    for told in (
        "keeper: line shrug reworded\n    - Hm.\n    + Hmm?",
        "keeper: line late added",
        "keeper: intent ask_room examples changed\n    - a room please\n    + a bed please",
        "fact player.gold initial changed\n    - 5\n    + 6",
        "invariant player.gold >= 0 removed",
    ):
        assert told in done.stdout
    assert "does something else" not in done.stdout


def test_an_intent_that_is_new_is_compared_with_not_having_it(npc: Npc, tmp_path: Path) -> None:
    """A rule for a new intent is a change: the old version did not hear it."""
    write_inn(tmp_path / "old")
    keeper = KEEPER.replace("  yes: {", "  no: {means: The player declines., examples: ['no']}\n  yes: {")
    write_inn(
        tmp_path / "new",
        keeper.replace('  return say("shrug")', '  if heard.no:\n      return say("more")\n  return say("shrug")'),
    )
    done = npc("diff", "old", "new")
    assert "when heard.no (now heard)" in done.stdout
    assert "keeper heard nothing it knows, and now hears no" in done.stdout


def test_a_wider_slot_differs_only_beyond_the_old_bound(npc: Npc, tmp_path: Path) -> None:
    """Where a slot admits more than before, the new values alone come out differently."""
    narrow = KEEPER.replace("{type: int, min: 1}", "{type: int, min: 1, max: 4}")
    write_inn(tmp_path / "old", narrow)
    write_inn(tmp_path / "new")
    report = json.loads(npc("diff", "old", "new", "--json").stdout)
    changes = report["casts"][0]["changes"]
    assert changes
    assert all("offer" not in change["old"]["heard"] for change in changes)
    assert all(change["new"]["heard"]["offer"]["amount"] >= 5 for change in changes)


def test_seeds_that_come_out_differently_are_named(npc: Npc, tmp_path: Path) -> None:
    """Of two conversations the one that the change touches is told, with its line."""
    write_inn(tmp_path / "catalogs" / "inn", KEEPER.replace(">= 4", ">= 5"))
    write_inn(tmp_path / "old")
    (tmp_path / "seeds" / "inn").mkdir(parents=True)
    (tmp_path / "seeds" / "inn" / "keeper.dialogue.yaml").write_text(SEED, encoding="utf-8")
    done = npc("diff", "old", "inn")
    touched = done.stdout.partition("touched:\n")[2].splitlines()
    place = f"{Path('seeds/inn/keeper.dialogue.yaml')}:6"
    assert touched == [f"  seed {place} “four is enough”: it came out as room, pay(4), and now comes out as more"]


def test_seeds_that_name_what_is_gone_are_named(npc: Npc, tmp_path: Path) -> None:
    """A conversation that expects a response which is no longer there is told."""
    write_inn(tmp_path / "old")
    write_inn(tmp_path / "inn", KEEPER.replace('"room"', '"bed"').replace("  room:", "  bed:"))
    (tmp_path / "seeds" / "inn").mkdir(parents=True)
    (tmp_path / "seeds" / "inn" / "keeper.dialogue.yaml").write_text(SEED, encoding="utf-8")
    assert "it names the response `room`, which is no longer there" in npc("diff", "old", "inn").stdout


def test_saved_seeds_pass_with_the_new_version(npc: Npc, tmp_path: Path) -> None:
    """The examples written as dialogue files are conversations that `npc test` passes, also after an earlier line."""
    write_inn(tmp_path / "old")
    keeper = KEEPER.replace(">= 4", ">= 5").replace('return say("show_it")', 'return say("more")')
    write_inn(tmp_path / "catalogs" / "inn", keeper)
    done = npc("diff", "old", "inn", "--save-seeds", "seeds/inn")
    assert done.returncode == 1
    [file] = find_dialogues([tmp_path / "seeds"])
    assert file.read_text(encoding="utf-8").count("- name:") == 2
    tested = npc("test", "seeds")
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


def test_revisions_are_compared_without_touching_the_working_tree(npc: Npc, repository: Path) -> None:
    """Two commits are compared as they are in git, whatever lies in the working tree."""
    file = repository / "catalogs" / "inn" / "keeper.yaml"
    file.write_text(KEEPER.replace("Hm.", "Later."), encoding="utf-8")
    done = npc("diff", "HEAD~1", "HEAD", "catalogs/inn")
    assert done.returncode == 1
    assert "room → more" in done.stdout
    assert "Later." not in done.stdout
    assert file.read_text(encoding="utf-8") == KEEPER.replace("Hm.", "Later.")


@pytest.mark.parametrize("arguments", [("main",), ("HEAD", "catalogs/inn"), ("HEAD", "inn")])
def test_a_revision_is_compared_with_the_working_tree(
    npc: Npc,
    repository: Path,
    arguments: tuple[str, ...],
) -> None:
    """With one revision the other side is what lies in the working tree: of all casts, or of the one named."""
    write_inn(repository / "catalogs" / "inn", KEEPER.replace(">= 4", ">= 5").replace("Hm.", "Later."))
    done = npc("diff", *arguments)
    assert done.returncode == 1
    assert "+ Later." in done.stdout
    assert "room → more" not in done.stdout


def test_shared_intents_belong_to_the_revision(npc: Npc, repository: Path) -> None:
    """Intents from `common/` are taken as the revision has them."""
    common = repository / "catalogs" / "common"
    common.mkdir()
    text = "intents:\n  sing: {means: The player sings., examples: [la la]}\n"
    (common / "songs.yaml").write_text(text, encoding="utf-8")
    write_inn(repository / "catalogs" / "inn", KEEPER.replace("intents:", "use: [common.sing]\nintents:"))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Sing")
    (common / "songs.yaml").write_text(text.replace("la la", "tra la"), encoding="utf-8")
    done = npc("diff", "HEAD", "inn")
    assert "keeper: intent sing examples changed\n    - la la\n    + tra la" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "HEAD"), "`nowhere` is neither a cast's folder nor a revision that git knows"),
        (("HEAD", "HEAD~7"), "`HEAD~7` is neither a cast's folder nor a revision that git knows"),
        (("catalogs", "HEAD"), "catalogs is not a cast: it has no world.yaml; and git knows no revision of that name"),
        (("inn",), "inn is a cast's folder: name the other version, too"),
        (("HEAD", "inn", "inn"), "`inn` is one too many"),
        (("HEAD~1", "HEAD", "imn"), "no cast `imn`: did you mean `inn`?"),
        (("HEAD", "--recordings", "none"), "--recordings none: there is no such folder"),
    ],
)
def test_wrong_use_is_explained(
    npc: Npc,
    repository: Path,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    """What cannot be compared ends with status 2 and says why."""
    done = npc("diff", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_cast_with_errors_is_named_with_its_version(npc: Npc, repository: Path) -> None:
    """Errors in one version end with status 2, and say in which file of which version they are."""
    write_inn(repository / "catalogs" / "inn", KEEPER.replace('say("poor")', 'say("pour")'))
    git(repository, "commit", "-q", "-a", "-m", "Break it")
    done = npc("diff", "HEAD", "HEAD~1", "inn")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the cast has errors in HEAD, so nothing can be compared" in done.stderr
    assert f"{Path('catalogs/inn/keeper.yaml')}:" in done.stderr
    assert "did you mean `poor`?" in done.stderr


def test_outside_of_a_repository_folders_are_asked_for(npc: Npc, tmp_path: Path) -> None:
    """Without git there are no revisions to name."""
    write_inn(tmp_path / "catalogs" / "inn")
    done = npc("diff", "main", environment={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert done.returncode == 2
    assert "`main` is no cast's folder, and no git revision either" in done.stderr


def test_a_touched_recording_is_named(npc: Npc, tmp_path: Path) -> None:
    """A recorded reply to a request that the new version does not make any more is told."""
    old = write_inn(tmp_path / "old")
    write_inn(tmp_path / "new", KEEPER.replace('return say("more")', 'return say("poor")'))
    cast = load(old)
    facts = {"player.gold": 5}
    from npc.logic.program import Context

    table = cast.character("keeper").program.outcomes(facts, Context())
    request = {"character": "keeper", "utterance": "3 gold", "facts": facts, "last": None}
    request |= {"allowed": sorted(table.allowed), "intents": sorted(table.intents), "retry": None}
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a.json").write_text(json.dumps({"format": 1, "request": request}), encoding="utf-8")
    done = npc("diff", "old", "new", "--recordings", "kept")
    assert f"recording {Path('kept/a.json')}: the request it answers now offers other lines" in done.stdout

"""`npc schema`: the published JSON Schemas."""

import json
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
KINDS = ("world", "character", "common", "dialogue", "prices")


@pytest.mark.parametrize("kind", KINDS)
def test_one_schema_is_printed(npc, kind):
    """`npc schema KIND` prints that schema, and it is a valid one."""
    from jsonschema import Draft202012Validator

    done = npc("schema", kind)
    assert done.returncode == 0
    Draft202012Validator.check_schema(json.loads(done.stdout))


def test_all_schemas_are_printed_by_kind(npc):
    """Without a kind, all of them are printed as one object."""
    assert set(json.loads(npc("schema").stdout)) == set(KINDS)


def test_the_schemas_are_written_and_checked(npc, tmp_path):
    """--out writes a file for each; --check finds them current, and finds the one that was altered."""
    assert npc("schema", "--out", "schemas").returncode == 0
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {f"{kind}.schema.json" for kind in KINDS}
    assert npc("schema", "--out", "schemas", "--check").returncode == 0
    (tmp_path / "schemas" / "world.schema.json").write_text("{}")
    done = npc("schema", "--out", "schemas", "--check")
    assert done.returncode == 1
    assert "world.schema.json is not current; write it with: npc schema --out schemas" in done.stdout
    assert (tmp_path / "schemas" / "world.schema.json").read_text() == "{}"


def test_the_published_schemas_are_current(npc):
    """What lies in schemas/ is what the models say."""
    done = npc("schema", "--out", str(CHECKOUT / "schemas"), "--check")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["charcter"], "no kind of file `charcter`: did you mean `character`?"), (["--check"], "--check needs --out DIR")],
)
def test_wrong_use_gets_status_2(npc, arguments, said):
    """An unknown kind names the nearest one; --check without a folder says what it needs."""
    done = npc("schema", *arguments)
    assert done.returncode == 2
    assert said in done.stderr

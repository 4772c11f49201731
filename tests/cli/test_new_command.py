"""`npc new`: a cast that runs at once, and nothing overwritten."""

import pytest


def test_a_new_cast_loads_plays_and_passes_its_own_test(npc):
    """What is written has no finding, answers, and its conversation comes out as it says."""
    assert npc("new", "tavern").returncode == 0
    assert npc("check", "tavern", "--strict").returncode == 0
    assert "Old Marl:" in npc("play", "tavern", stdin="I am hungry\n").stdout
    tested = npc("test", "tavern")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_it_says_what_it_wrote_and_what_to_type_next(npc, tmp_path):
    """Every file written is named, then the commands to go on with."""
    done = npc("new", "old_mill")
    written = [line.removeprefix("wrote ") for line in done.stdout.splitlines() if line.startswith("wrote ")]
    assert all((tmp_path / name).is_file() for name in written)
    assert "old_mill/world.yaml" in written
    assert "npc play old_mill" in done.stdout
    assert "title: Old Mill" in (tmp_path / "old_mill" / "world.yaml").read_text()


def test_a_catalogs_folder_is_where_casts_go(npc, tmp_path):
    """Where there is a catalogs/ folder the cast goes there, and its bare name still finds it."""
    (tmp_path / "catalogs").mkdir()
    npc("new", "mill")
    assert (tmp_path / "catalogs" / "mill" / "world.yaml").is_file()
    assert npc("play", "mill").returncode == 0


def test_dir_says_where(npc, tmp_path):
    """--dir names the folder to put it in, made if need be; the commands shown then name the path."""
    done = npc("new", "mill", "--dir", "deep/down")
    assert done.returncode == 0
    assert "npc play deep/down/mill" in done.stdout
    assert npc("check", "deep/down/mill").returncode == 0


def test_nothing_is_overwritten(npc, tavern):
    """An existing folder is refused and left as it was."""
    (tavern / "world.yaml").write_text("mine")
    done = npc("new", "tavern")
    assert done.returncode == 2
    assert "tavern exists already, and nothing is overwritten" in done.stderr
    assert (tavern / "world.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Tavern", "../up", "2nd", "a b", "", "x" * 60])
def test_a_name_that_cannot_be_an_id_is_refused(npc, tmp_path, name):
    """Names are small letters, digits and _; nothing is written for any other."""
    done = npc("new", name)
    assert done.returncode == 2
    assert "cannot name a cast" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "proposed"), [("My Tavern", "my_tavern"), ("../Up", "up"), ("2nd Inn!", "cast_2nd_inn"), ("??", "tavern")]
)
def test_the_name_made_valid_is_proposed(npc, name, proposed):
    """A name that will not do is answered with the nearest one that will."""
    assert npc("new", name).stderr.rstrip().endswith(f"such as: {proposed}")
    assert npc("new", proposed).returncode == 0


@pytest.mark.parametrize("common", ["intents:\n  yes: {means: Yes., examples: [yes]}\n", ""])
def test_a_new_cast_loads_beside_shared_intents_of_another_kind(npc, tmp_path, common):
    """Shared intents that the folder `common` beside the cast lacks are written into the character's own file."""
    (tmp_path / "common").mkdir()
    if common:
        (tmp_path / "common" / "mine.yaml").write_text(common)
    assert npc("new", "tavern").returncode == 0
    checked = npc("check", "tavern", "--strict")
    assert checked.returncode == 0, checked.stdout
    assert npc("test", "tavern").returncode == 0
    assert ("use: [common.yes]" in (tmp_path / "tavern" / "keeper.yaml").read_text()) == bool(common)

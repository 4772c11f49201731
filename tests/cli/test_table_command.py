"""`npc table`: the decision table of a state."""

import json


def test_the_table_lists_hearing_effects_and_response(npc, tavern):
    """Each row names what is heard, the effects and the response, in the order the logic decides."""
    done = npc("table", "tavern", "keeper")
    assert done.returncode == 0
    assert "heard" in done.stdout
    assert "the first row that fits is what happens" in done.stdout
    shown = json.loads(npc("table", "tavern", "keeper", "--json").stdout)
    assert shown["exact"]
    for outcome in shown["outcomes"]:
        assert outcome["response"] in done.stdout
        assert outcome["response"] in shown["allowed"]


def test_facts_and_context_decide_the_rows(npc, tavern):
    """Another value of a fact gives another table; the context counts as well."""
    plain = json.loads(npc("table", "tavern", "keeper", "--json").stdout)
    changed = json.loads(npc("table", "tavern", "keeper", "--fact", "player.gold=0", "--json").stdout)
    assert plain["outcomes"] != changed["outcomes"]


def test_wrong_use_is_told_with_the_nearest_name(npc, tavern):
    """A misspelt fact, a value out of range, an unknown response or event ends with status 2 and says what fits."""
    wrong = {
        ("--fact", "player.gould=3"): "did you mean `player.gold`?",
        ("--fact", "player.gold"): "write it as NAME=VALUE",
        ("--fact", "player.gold=-4"): "player.gold",
        ("--last", "offer_rom"): "did you mean `offer_room`?",
        ("--event", "aproach"): "did you mean `approach`?",
    }
    for arguments, told in wrong.items():
        done = npc("table", "tavern", "keeper", *arguments)
        assert done.returncode == 2, arguments
        assert told in done.stderr

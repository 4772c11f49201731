"""What a dialogue file can say beside plain steps: paraphrases, branches, parameters, tags, known failures."""

from pathlib import Path

import pytest

import npc
from npc.backends import resolve
from npc.catalog import load_dialogue
from npc.catalog.model import DialogueConversation
from npc.testing import ConversationResult, Layer, layer_of, run_conversation

CHECKOUT = Path(__file__).resolve().parents[2]
HEAD = "dialogue: keep\ncharacter: warden\ntags: [smoke]\nconversations:\n"


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(CHECKOUT / "catalogs" / "keep")


@pytest.fixture
def written(tmp_path: Path):
    """The conversations that a text comes to."""

    def read(text: str) -> tuple[DialogueConversation, ...]:
        file = tmp_path / "a.dialogue.yaml"
        file.write_text(HEAD + text, encoding="utf-8")
        return load_dialogue(file).conversations

    return read


async def run(cast: npc.Cast, conversation: DialogueConversation) -> ConversationResult:
    return await run_conversation(cast, conversation, lambda: resolve("embedded"))


async def test_each_paraphrase_is_a_conversation_of_its_own(written, cast: npc.Cast) -> None:
    """A paraphrase is said in place of the line, after the same steps, and must lead to the same."""
    plain, first, second = written(
        "  - name: a price\n    steps:\n      - {event: approach}\n      - say: Give me the key!\n"
        "        paraphrases: [hand over the key, I would like a pony]\n"
        "        expect: {response: quote_price}\n      - heard: {greet: {}}\n"
    )
    assert [len(plain.steps), len(first.steps), len(second.steps)] == [3, 2, 2]
    assert (first.name, second.name) == ("a price ~ hand over the key", "a price ~ I would like a pony")
    assert [step.paraphrase for step in (*plain.steps, *first.steps)] == [False, False, False, False, True]
    assert [(await run(cast, one)).failure is None for one in (plain, first, second)] == [True, True, False]
    assert (second.position.line, second.position.column) == (9, 42)


async def test_branches_begin_where_their_step_ends(written, cast: npc.Cast) -> None:
    """Each branch takes the steps up to its own anew, then its own steps; branches nest."""
    text = (
        "  - name: gold\n    start: {player.gold: 60}\n    steps:\n"
        "      - heard: {ask_key: {}}\n        expect: {response: quote_price}\n        branches:\n"
        "          - name: too little\n            steps:\n"
        "              - heard: {offer_gold: {amount: 2}}\n                expect: {response: scoff}\n"
        "                branches:\n"
        "                  - {name: and silence, steps: [{heard: {}, expect: {effects: []}}]}\n"
        "      - heard: {offer_gold: {amount: 50}}\n        expect: {facts: {player.gold: 10}}\n"
    )
    conversations = written(text)
    assert [one.name for one in conversations] == ["gold", "gold > too little", "gold > too little > and silence"]
    assert [len(one.steps) for one in conversations] == [2, 2, 3]
    assert [(await run(cast, one)).failure for one in conversations] == [None, None, None]


async def test_parameters_run_a_conversation_once_each(written, cast: npc.Cast) -> None:
    """`$name` is the value itself where it stands alone, and its text inside a text."""
    text = (
        "  - name: a bid\n    parameters:\n      - {bid: 2, gold: 60, line: scoff}\n"
        "      - {bid: 50, gold: 60, line: take_bribe}\n"
        "    start: {player.gold: $gold}\n    steps:\n"
        "      - heard: {offer_gold: {amount: $bid}}\n        expect: {response: $line}\n"
    )
    low, high = written(text)
    assert low.name == "a bid [bid=2, gold=60, line=scoff]"
    assert (low.start, low.steps[0].heard) == ({"player.gold": 60}, {"offer_gold": {"amount": 2}})
    assert (await run(cast, low)).failure is None
    assert (await run(cast, high)).turns[0].response == "take_bribe"
    [said] = written("  - name: b\n    parameters: [{bid: 40}]\n    steps: [{say: I offer $bid gold for $5}]\n")
    assert said.steps[0].say == "I offer 40 gold for $5"


def test_without_parameters_a_dollar_sign_is_only_that(written) -> None:
    """Texts of a conversation that has no parameters are taken as they are."""
    [said] = written("  - name: a\n    steps: [{say: I give $five}]\n")
    assert said.steps[0].say == "I give $five"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("steps: [{say: $prise}]\n    parameters: [{price: 2}]", "C322", "did you mean `price`?"),
        ("steps: [{say: hi}]\n    parameters: [{a: 2}, {b: 2}]", "C322", "differ in `a`, `b`"),
        ("steps: [{say: hi}]\n    parameters: [{a: 2}, {a: 2}]", "C308", "is here twice"),
        ("steps: [{say: hi, paraphrases: [ho, ho]}]", "C308", "is here twice"),
        ("steps: [{event: approach, paraphrases: [ho]}]", "C209", "only a step with `say` has paraphrases"),
        ("steps: [{say: hi, branches: []}]", "C205", "branches"),
        ("steps: [{say: hi, branches: [{name: x}]}]", "C202", "steps"),
        ("steps: [{say: hi, branches: [{name: x, steps: [{say: hi, event: y}]}]}]", "C209", "exactly one"),
        ("steps: [{say: hi}]\n    xfail:", "C205", "no value"),
    ],
)
def test_what_cannot_be_meant_is_a_finding(written, text: str, code: str, said: str) -> None:
    """A mistake in one of these is a diagnostic with its place, never a conversation less."""
    with pytest.raises(npc.CatalogError) as caught:
        written(f"  - name: a\n    {text}\n")
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert said in str(caught.value)
    assert caught.value.diagnostics[0].position.line >= 5


async def test_a_known_failure_must_fail(written, cast: npc.Cast) -> None:
    """`xfail` makes a failure expected, and a pass an error."""
    text = "  - name: {0}\n    xfail: not yet\n    steps: [{{heard: {{}}, expect: {{response: [{1}]}}}}]\n"
    fails, passes = written(text.format("a", "scoff") + text.format("b", "shrug"))
    failed, passed = await run(cast, fails), await run(cast, passes)
    assert (failed.outcome, failed.ok) == ("xfailed", True)
    assert (passed.outcome, passed.ok) == ("xpassed", False)
    assert "take `xfail` out of the file" in passed.render_problem()


@pytest.mark.parametrize(
    ("step", "place", "said"),
    [
        ("{heard: {offer_gold: {amonut: 3}}, expect: {effects: []}}", "7:31", "no slot of offer_gold `amonut`"),
        ("{heard: {offer_gold: {}}, expect: {effects: []}}", "7:18", "only together with its slot `amount`"),
        ("{heard: {offer_gold: {amount: -3}}, expect: {effects: []}}", "7:31", "offer_gold.amount can never be that"),
        ("{heard: {}, expect: {response: [greet, gret]}}", "7:48", "no response `gret`: did you mean `greet`?"),
        ("{heard: {}, expect: {facts: {player.gold: lots}}}", "7:38", "player.gold can never be that"),
        ("{set: {warden.trust: 3}, heard: {}, expect: {effects: []}}", "7:16", "warden.trust is not the game's to set"),
        ("{set: {player.gold: lots}, heard: {}, expect: {effects: []}}", "7:16", "player.gold can never be that"),
    ],
)
async def test_a_wrong_name_or_value_has_its_place(written, cast: npc.Cast, step: str, place: str, said: str) -> None:
    """What the cast does not have is told with line, column and the nearest name, before anything is run."""
    [conversation] = written(f"  - name: a\n    steps:\n      - {step}\n")
    failure = (await run(cast, conversation)).failure
    assert failure is not None
    assert str(failure.position).endswith(f"a.dialogue.yaml:{place}")
    assert said in failure.render()


async def test_the_game_may_change_facts_on_the_way(written, cast: npc.Cast) -> None:
    """`set` changes what the game owns before the turn of its step, and not before."""
    step = "{{{0}heard: {{offer_gold: {{amount: 50}}}}, expect: {{response: {1}}}}}"
    poor, rich = step.format("", "scoff_empty"), step.format("set: {player.gold: 60}, ", "take_bribe")
    [conversation] = written(f"  - name: a\n    steps:\n      - {poor}\n      - {rich}\n")
    assert (await run(cast, conversation)).failure is None


def test_the_layer_says_what_is_tested(written) -> None:
    """Without words it is the logic; with words, the embedded brain or a model."""
    logic, words = written("  - {name: a, steps: [{heard: {}}]}\n  - {name: b, steps: [{heard: {}}, {say: hi}]}\n")
    assert layer_of(logic, "openai:x") is Layer.LOGIC
    assert layer_of(words, "embedded") is Layer.UNDERSTANDING
    assert layer_of(words, "openai:x") is Layer.MODEL


def test_tags_are_those_of_file_and_conversation(written) -> None:
    """A conversation has the file's tags and its own, and hands them to its branches."""
    first, branch = written(
        "  - {name: a, tags: [gold], steps: [{heard: {}, branches: [{name: b, steps: [{heard: {}}]}]}]}\n"
    )
    assert first.tags == branch.tags == {"smoke", "gold"}
    assert (branch.name, branch.origin) == ("a > b", "a")


def test_hearing_counts_as_given(cast: npc.Cast) -> None:
    """`Session.hear` takes a turn with exactly that hearing, and chooses the preferred line where there is a choice."""
    session = npc.Session(cast)
    turn = session.hear("warden", {"offer_gold": {"amount": 12}}, words="here")
    assert (turn.heard, turn.slots, turn.backend) == ({"offer_gold"}, {"offer_gold": {"amount": 12}}, "heard")
    assert session.transcript[-1].utterance == "here"
    with pytest.raises(npc.UnknownName, match="aproach"):
        session.hear("warden", {}, event="aproach")

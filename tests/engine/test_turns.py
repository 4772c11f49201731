"""A turn, verdict by verdict, on the cast of the design."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import npc
from tests.engine.replies import reply

KEEP = Path(__file__).resolve().parents[2] / "catalogs/keep"


async def test_an_honest_reply_is_accepted(cast: npc.Cast) -> None:
    """The reply's response is said, in the catalog's words, with its presentation tags."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key")))
    turn = await session.say("warden", "Give me the key!")
    assert (turn.verdict, turn.reason, turn.response) == ("accepted", None, "quote_price")
    assert turn.text == "No seal, no key. Unless 30 gold makes me forget the rules."
    assert turn.heard == {"ask_key"}
    assert turn.effects == ()
    (line,) = turn.lines
    assert (line.speaker, line.name, line.presentation["mood"]) == ("warden", "Warden Brannoc", "sly")
    assert turn.backend == "scripted"


async def test_effects_and_facts_follow_the_logic(cast: npc.Cast) -> None:
    """A bribe in range takes the gold, gives the key and fills the placeholder."""
    session = npc.Session(
        cast,
        npc.scripted(reply("take_bribe", "offer_gold", offer_gold={"amount": 40})),
        facts={"player.gold": 50},
    )
    turn = await session.say("warden", "I'll give you forty gold")
    assert turn.text == "40 gold. I saw nothing."
    assert [str(effect) for effect in turn.effects] == ["pay(40)", 'give("cell_key")']
    assert turn.slots == {"offer_gold": {"amount": 40}}
    assert session.facts["player.gold"] == 10
    assert session.facts["player.items"] == {"cell_key": 1, "bread": 1}
    assert session.facts["warden.has_key"] is False
    assert (turn.changes["player.gold"].before, turn.changes["player.gold"].after) == (50, 10)


async def test_an_allowed_id_under_a_false_hearing_is_overruled(cast: npc.Cast) -> None:
    """A reply may not pick a line that the logic does not return for what it says it heard."""
    session = npc.Session(cast, npc.scripted(reply("take_bribe", "greet")), facts={"player.gold": 50})
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.response, turn.effects) == ("overruled", "greet", ())
    assert session.facts["player.gold"] == 50


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("I cannot help with that.", "not-json"),
        ('{"heard": ["greet"], "slots": {}, "resp', "not-json"),
        ('{"heard": [], "slots": {}, "response": NaN}', "not-json"),
        ("[" * 100_000, "not-json"),
        ("x" * 200_000, "not-json"),
        ("[1, 2]", "schema"),
        ("null", "schema"),
        ('{"heard": "greet", "slots": {}, "response": "greet"}', "schema"),
        ('{"heard": ["greet"], "heard": ["yes"], "slots": {}, "response": "greet"}', "schema"),
        ({"heard": ["greet"], "slots": {}}, "schema"),
        ({"heard": ["fly"], "slots": {}, "response": "greet"}, "schema"),
        ({"heard": ["greet"], "slots": [], "response": "greet"}, "schema"),
        (reply("hand_it_all_over", "greet"), "unknown-response"),
        (reply("key_gone", "ask_key"), "not-allowed"),
        (reply("scoff", "offer_gold", offer_gold={"amount": 0}), "slot-out-of-range"),
        (reply("scoff", "offer_gold", offer_gold={"amount": 29}), "slot-ungrounded"),
        (reply("scoff", "offer_gold", offer_gold={"amount": "20"}), "schema"),
        (reply("scoff", "offer_gold", offer_gold={"amount": True}), "schema"),
        (reply("scoff", "offer_gold", offer_gold={"amount": 20.0}), "schema"),
    ],
)
async def test_a_reply_that_cannot_be_used_falls_back(cast: npc.Cast, raw: Any, reason: str) -> None:
    """Each fault has its reason code; after one re-ask with that code the `otherwise` line is said."""
    backend = npc.scripted(raw, raw)
    session = npc.Session(cast, backend, facts={"player.gold": 50})
    turn = await session.say("warden", "take 20 gold")
    assert (turn.verdict, turn.reason, turn.response, turn.effects) == ("fallback", reason, "shrug", ())
    assert [request.retry for request in backend.requests] == [None, reason]
    assert [attempt.reason for attempt in turn.trace.attempts] == [reason, reason]


async def test_a_re_ask_repairs(cast: npc.Cast) -> None:
    """A usable second reply counts, and the turn says that it needed one."""
    session = npc.Session(cast, npc.scripted("nonsense", reply("greet", "greet")))
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason, turn.response) == ("repaired", "not-json", "greet")


@pytest.mark.parametrize("reason", ["refusal", "transport", "rate-limited", "circuit-open", "timeout"])
async def test_a_failing_backend_gives_way_to_the_next(cast: npc.Cast, reason: str) -> None:
    """A backend that fails is not asked again in that turn; the next one in the chain answers."""
    failing = npc.scripted(npc.BackendError(reason, "no"))
    session = npc.Session(cast, [failing, npc.scripted(reply("greet", "greet"))])
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason, turn.response) == ("repaired", reason, "greet")
    assert len(failing.requests) == 1


async def test_an_exception_in_a_backend_stays_inside(cast: npc.Cast) -> None:
    """Any exception of a backend is a transport failure; its text is in the trace and nowhere else."""
    session = npc.Session(cast, npc.scripted(ZeroDivisionError("secret")))
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason, turn.text) == ("fallback", "transport", "Rules are rules.")
    assert "secret" in turn.trace.attempts[0].detail


async def test_an_optional_part_missing_is_not_heard(cast: npc.Cast) -> None:
    """An intent without its required slot is not heard, and the trace says why."""
    session = npc.Session(cast, npc.scripted(reply("shrug", "offer_gold")))
    turn = await session.say("warden", "I'll pay you")
    assert (turn.verdict, turn.heard, turn.response) == ("accepted", frozenset(), "shrug")
    assert "amount" in turn.trace.not_heard["offer_gold"]


@pytest.mark.parametrize(
    ("line", "heard"),
    [("yes, it is a deal", {"yes"}), ("what a lovely morning for the geese", set())],
)
async def test_a_claim_must_be_borne_out_where_the_writer_asks_for_it(
    tmp_path: Path, line: str, heard: set[str]
) -> None:
    """An intent marked `corroborate` counts only if the player's own words make it plausible, whoever claims it."""
    (tmp_path / "world.yaml").write_text("world: inn\ntitle: An inn\n", encoding="utf-8")
    (tmp_path / "host.yaml").write_text(
        """
character: host
name: The Host
persona: Hosts.
intents:
  "yes": {means: The player agrees., examples: [it is a deal, "yes", agreed], corroborate: true}
logic: |
  if heard.yes:
      return say("sold")
  return say("well")
responses: {sold: Sold., well: Well?}
otherwise: well
""",
        encoding="utf-8",
    )
    session = npc.Session(npc.load(tmp_path), npc.scripted(reply("sold", "yes")))
    turn = await session.say("host", line)
    assert turn.heard == heard
    assert turn.response == ("sold" if heard else "well")
    assert bool(turn.trace.not_heard) is not bool(heard)


async def test_an_ungrounded_number_bears_nothing_out(tmp_path: Path) -> None:
    """A number that need not stand in the player's line is no evidence that the intent was expressed."""
    (tmp_path / "world.yaml").write_text("world: inn\ntitle: An inn\n", encoding="utf-8")
    (tmp_path / "host.yaml").write_text(
        """
character: host
name: The Host
persona: Hosts.
intents:
  pay:
    means: The player pays for a room.
    examples: ["here are {sum} coins", "I pay {sum} for the room"]
    slots: {sum: {type: int, grounded: false}}
    corroborate: true
logic: |
  if heard.pay:
      return say("sold")
  return say("well")
responses: {sold: Sold., well: Well?}
otherwise: well
""",
        encoding="utf-8",
    )
    session = npc.Session(npc.load(tmp_path), npc.scripted(reply("sold", "pay", pay={"sum": 40})))
    turn = await session.say("host", "what fine weather, isn't it?")
    assert (turn.heard, turn.response) == (frozenset(), "well")


async def test_the_whole_purse_grounds_its_sum(cast: npc.Cast) -> None:
    """ "All my gold" grounds the amount that the fact holds."""
    backend = npc.scripted(reply("take_bribe", "offer_gold", offer_gold={"amount": 37}))
    session = npc.Session(cast, backend, facts={"player.gold": 37})
    turn = await session.say("warden", "take all my gold")
    assert turn.text == "37 gold. I saw nothing."


async def test_the_state_may_change_while_the_model_thinks(cast: npc.Cast) -> None:
    """A reply is judged again against the facts at commit: gold that is gone by then buys nothing."""
    session: npc.Session

    async def spend_meanwhile(request: npc.ModelRequest) -> dict[str, Any]:
        session.facts["player.gold"] = 3
        return reply("take_bribe", "offer_gold", offer_gold={"amount": 40})

    session = npc.Session(cast, spend_meanwhile, facts={"player.gold": 50})
    turn = await session.say("warden", "40 gold for the key")
    assert (turn.verdict, turn.reason, turn.response, turn.effects) == ("overruled", "stale-state", "scoff", ())
    assert session.facts["player.gold"] == 3


async def test_slots_that_no_longer_hold_void_a_stale_reply(cast: npc.Cast) -> None:
    """A sum grounded in a fact that changed meanwhile no longer counts."""
    session: npc.Session

    async def spend_meanwhile(request: npc.ModelRequest) -> dict[str, Any]:
        session.facts["player.gold"] = 3
        return reply("take_bribe", "offer_gold", offer_gold={"amount": 50})

    session = npc.Session(cast, spend_meanwhile, facts={"player.gold": 50})
    turn = await session.say("warden", "all my gold")
    assert (turn.verdict, turn.reason, turn.effects) == ("fallback", "stale-state", ())


async def test_an_event_needs_no_model(cast: npc.Cast) -> None:
    """An event runs the logic with nothing heard, without asking a backend."""
    backend = npc.scripted()
    turn = await npc.Session(cast, backend).event("warden", "approach")
    assert (turn.response, turn.event, turn.utterance, turn.verdict, turn.backend) == (
        "shrug",
        "approach",
        None,
        "accepted",
        None,
    )
    assert backend.requests == []


async def test_silence_needs_no_model(cast: npc.Cast) -> None:
    """An empty line has nothing to understand in it."""
    backend = npc.scripted()
    turn = await npc.Session(cast, backend).say("warden", "  \n ")
    assert (turn.response, backend.requests) == ("shrug", [])


async def test_unknown_names_come_with_the_nearest(cast: npc.Cast) -> None:
    """A misspelt character or event is an error that names the right one."""
    session = npc.Session(cast, npc.scripted())
    with pytest.raises(npc.UnknownName, match="did you mean `warden`"):
        await session.say("wardn", "hello")
    with pytest.raises(npc.UnknownName, match="did you mean `approach`"):
        await session.event("warden", "aproach")
    with pytest.raises(npc.UnknownName, match=r"did you mean `player\.gold`"):
        session.facts["player.golds"] = 3


async def test_two_megabytes_pasted_are_cut(cast: npc.Cast) -> None:
    """A huge line is read as far as the bound and harms nothing."""
    backend = npc.scripted(reply("shrug"))
    turn = await npc.Session(cast, backend).say("warden", "key " * 500_000)
    assert len(turn.utterance or "") <= 4_000
    assert turn.response == "shrug"


async def test_last_and_turn_are_the_characters_own(cast: npc.Cast) -> None:
    """`last` is what this character said before, so that a yes answers its question."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key"), reply("show_me_the_coin", "yes")))
    await session.say("warden", "the key, please")
    turn = await session.say("warden", "fine, deal")
    assert turn.response == "show_me_the_coin"


async def test_variants_do_not_repeat_at_once(cast: npc.Cast) -> None:
    """A response with two variants alternates."""
    session = npc.Session(cast, npc.scripted(*[reply("greet", "greet")] * 6))
    texts = [(await session.say("warden", "hello")).text for _ in range(6)]
    assert all(one != two for one, two in pairwise(texts))


async def test_turns_of_one_character_follow_one_another(cast: npc.Cast) -> None:
    """Lines said at the same time are answered in order, each seeing what came of the one before."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key"), reply("show_me_the_coin", "yes")))
    first, second = await asyncio.gather(session.say("warden", "the key"), session.say("warden", "yes"))
    assert (first.response, second.response) == ("quote_price", "show_me_the_coin")


async def test_records_hold_what_happened(cast: npc.Cast) -> None:
    """A turn record is JSON with digests, allowed ids, the raw reply, verdict, effects and changed facts."""
    session = npc.Session(cast, npc.scripted("oops", reply("quote_price", "ask_key")))
    await session.say("warden", "the key")
    record = json.loads(json.dumps(session.records[0].as_json()))
    assert record["catalog"] == cast.digest
    assert len(record["request"]) == 32
    assert record["replies"][0]["content"] == "oops"
    assert record["replies"][0]["reason"] == "not-json"
    assert (record["verdict"], record["reason"], record["response"]) == ("repaired", "not-json", "quote_price")
    assert "quote_price" in record["allowed"]
    assert record["seconds"]["turn"] > 0


async def test_the_trace_explains(cast: npc.Cast) -> None:
    """The trace names the facts read, the lines that ran with their text, what was offered, heard and allowed."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key")))
    trace = (await session.say("warden", "the key")).trace
    assert trace.facts_read["warden.has_key"] is True
    assert 'return say("quote_price", price=30)' in [line.text for line in trace.lines]
    assert "ask_key" in trace.intents
    assert "quote_price" in trace.allowed
    assert "key_gone" not in trace.allowed
    shown = trace.render()
    for part in ("offered:", "heard:   ask_key", "warden.has_key = True", "quote_price", "backend: scripted"):
        assert part in shown


async def test_suggestions_are_what_matters_now(cast: npc.Cast) -> None:
    """Each suggested line is an example of an intent that can still change the outcome, with its slots filled."""
    session = npc.Session(cast, npc.scripted())
    lines = session.suggestions("warden")
    assert "give me the key" in lines
    assert any("10" in line for line in lines)
    assert not any("{" in line for line in lines)


async def test_a_suggestion_names_what_something_would_come_of() -> None:
    """Nobody is told to sell what they have not got, or to ask the price of what is not for sale."""
    keep = npc.load(KEEP)

    def about_items(bag: dict[str, int]) -> set[str]:
        session = npc.Session(keep, npc.scripted(), facts={"player.items": bag})
        return {
            line
            for _ in range(8)
            for line in (session.suggestions("pedlar"), session.hear("pedlar", {"greet": {}}))[0]
            if re.search("seal|bread|spoon|writ|tower|lantern|ribbon|ale", line)
        }

    poor, rich = about_items({}), about_items({"silver_spoon": 1})
    assert not any("spoon" in line or "tower" in line for line in poor)
    assert {line for line in rich - poor if "spoon" in line} == rich - poor
    assert "I found this silver spoon in the hay" in rich
    assert "how much for the royal seal?" in poor & rich


async def test_what_may_have_been_meant_is_guessed(cast: npc.Cast) -> None:
    """After a line in which nothing was heard: the nearest examples of what matters now, the likeliest first."""

    async def unsure(request: npc.ModelRequest) -> npc.Reply:
        heard = ["ask_key"] if request.utterance == "key!" else []
        response = request.preview({name: {} for name in heard})[0]
        scores = {"greet": 0.2, "ask_key": 0.4, "insult": 0.05, "unknown": 0.9}
        nearest = {"greet": "no example of it", "ask_key": "give me the key", "insult": "you fool", "unknown": "what"}
        return npc.Reply(
            {"heard": heard, "slots": {}, "response": response}, notes={"scores": scores, "nearest": nearest}
        )

    session = npc.Session(cast, unsure)
    assert session.guesses(await session.say("warden", "the iron thing?")) == ("give me the key",)
    assert session.guesses(await session.say("warden", "key!")) == ()
    plain = npc.Session(cast, npc.scripted())
    assert plain.guesses(await plain.say("warden", "the iron thing?")) == ()


async def test_a_guess_tells_something() -> None:
    """An example of a few letters, such as "n", is no guess: picking it would tell the player nothing."""

    async def unsure(request: npc.ModelRequest) -> npc.Reply:
        notes = {"scores": {"no": 0.5}, "nearest": {"no": request.utterance}}
        return npc.Reply({"heard": [], "slots": {}, "response": request.preview({})[0]}, notes=notes)

    keep = npc.load(Path(__file__).parents[2] / "catalogs" / "keep")
    examples = keep.character("warden").declaration.intents["no"].examples
    short, long = min(examples[:8], key=len), max(examples[:8], key=len)
    assert len(short) < 3
    session = npc.Session(keep, unsure)
    assert session.guesses(await session.say("warden", long)) == (long,)
    assert session.guesses(await session.say("warden", short)) == ()


async def test_a_guess_is_worded_plainly() -> None:
    """An example far down the list may be slang or slips of the finger; a plain one of its intent is shown."""

    async def unsure(request: npc.ModelRequest) -> npc.Reply:
        notes = {"scores": {"ask_weather": 0.4}, "nearest": {"ask_weather": request.utterance}}
        return npc.Reply({"heard": [], "slots": {}, "response": request.preview({})[0]}, notes=notes)

    keep = npc.load(KEEP)
    examples = keep.character("warden").declaration.intents["ask_weather"].examples
    session = npc.Session(keep, unsure)
    (guess,) = session.guesses(await session.say("warden", examples[-1]))
    assert guess in examples[:8]


@pytest.mark.parametrize(
    ("hearing", "error", "told"),
    [
        ({"offer_gld": {"amount": 3}}, npc.UnknownName, "no intent `offer_gld`: did you mean `offer_gold`?"),
        ({"offer_gold": {"amunt": 3}}, npc.UnknownName, "no slot of offer_gold `amunt`: did you mean `amount`?"),
        ({"offer_gold": {}}, npc.HearingError, "offer_gold is heard only together with its slot `amount`"),
        ({"offer_gold": {"amount": "3"}}, npc.HearingError, "offer_gold.amount can never be that"),
    ],
)
def test_what_a_program_says_is_heard_is_checked(
    cast: npc.Cast, hearing: dict[str, dict[str, object]], error: type[npc.NpcError], told: str
) -> None:
    """`Session.hear` refuses what no line could express, naming what is wrong, and no turn is taken."""
    session = npc.Session(cast, npc.scripted())
    with pytest.raises(error) as raised:
        session.hear("warden", hearing)
    assert told in str(raised.value)
    assert not session.transcript


def test_a_deadline_is_above_zero(cast: npc.Cast) -> None:
    """A deadline that leaves no time is wrong use."""
    with pytest.raises(ValueError, match="deadline"):
        npc.Session(cast, npc.scripted(), deadline=0)
